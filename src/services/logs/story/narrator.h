#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "services/logs/story/line.h"
#include "services/logs/story/story.h"

namespace confab::logs {

// Makes the story of a call out of its lines, which it is given in the order of time. A line that
// it does not know changes nothing.
class Narrator {
 public:
  static constexpr size_t kMaxInstances = 256;

  // The story must outlive it.
  explicit Narrator(Story& story) : story_(story) {}

  // A line of the room.
  void Take(const Line& line);
  // One of what stands behind all rooms.
  void TakeOfSystem(const Line& line);
  // At the end. `vanished`: who went without a line, and when.
  void Finish(const std::map<std::string, int64_t>& vanished);

 private:
  using Handler = void (Narrator::*)(const Line&, ParticipantStory&);
  static const std::map<std::string_view, Handler>& Handlers();

  // nullptr: the line names none, or there are too many.
  ParticipantStory* ParticipantOf(const Line& line);
  static TransportStory* TransportOf(const Line& line, ParticipantStory& participant);
  static ProducerStory* ProducerOf(const Line& line, ParticipantStory& participant);

  void TakePlace(const Line& line);
  void Stay(std::string instance, int64_t at_us);
  void TakeFailure(const Line& line);
  void KeepFailure(const Line& line, std::string message);

  void Joined(const Line& line, ParticipantStory& participant);
  void Left(const Line& line, ParticipantStory& participant);
  void Lost(const Line& line, ParticipantStory& participant);
  void Resumed(const Line& line, ParticipantStory& participant);
  void TransportCreated(const Line& line, ParticipantStory& participant);
  void TransportConnected(const Line& line, ParticipantStory& participant);
  void TransportMoved(const Line& line, ParticipantStory& participant);
  void TransportReported(const Line& line, ParticipantStory& participant);
  void TransportClosed(const Line& line, ParticipantStory& participant);
  void ProducerAdded(const Line& line, ParticipantStory& participant);
  void ProducerPaused(const Line& line, ParticipantStory& participant);
  void ProducerResumed(const Line& line, ParticipantStory& participant);
  void ProducerClosed(const Line& line, ParticipantStory& participant);
  void ClientReported(const Line& line, ParticipantStory& participant);

  Story& story_;
  std::map<std::string, size_t, std::less<>> by_id_;  // of story_.participants
  int64_t epoch_ = 0;                                 // of the room's home
};

}  // namespace confab::logs
