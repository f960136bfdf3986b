#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "backends/bus/bus.h"
#include "confab/signaling/v1/shared.pb.h"
#include "net/asio.h"
#include "net/event.h"
#include "services/signaling/room/ids.h"

namespace confab::signaling {

// Writes to the bus what this instance has in one room. Of a participant that changes faster than
// the bus takes it, only how it is in the end is written: one change at a time is under way, with
// everything that came meanwhile in the next. What has happened is written when the bus is back, if
// it is away. Held by shared_ptr, because changes outlive its owner; lives on the io_context's
// thread. The bus must outlive its coroutines.
class RoomWriter : public std::enable_shared_from_this<RoomWriter> {
 public:
  // The value of a participant's field; nothing where there is none of ours (any more). Called in a
  // later turn than Touch.
  static constexpr size_t kMaxWaitingNotes = 1000;

  using Describe = std::function<std::optional<std::string>(ParticipantId)>;

  RoomWriter(asio::io_context& io, bus::Bus& bus, std::string room, Describe describe);

  void Touch(ParticipantId id);
  // For who is gone: what the others are told as the reason.
  void Left(ParticipantId id, std::string_view reason);
  // Somebody else wrote to the field what does not hold: ours is written again.
  void Rewrite(ParticipantId id);
  // For everybody who follows the room, in the order of the calls. False: too much waits already.
  bool Say(v1::SharedNote note);
  // The field is another instance's.
  void Yield(ParticipantId id);
  // The bus has it as ours, and it is not: it is removed, where nobody else has written it since.
  void Disown(ParticipantId id);
  // Nothing is written afterwards.
  void End();

  // Waits until everything is written, but no longer than this.
  asio::awaitable<void> Written(TimeDelta patience);
  bool is_idle() const { return idle_.is_set(); }
  // Somebody has waited in vain since everything was written the last time.
  bool is_behind() const { return is_behind_; }

 private:
  struct Taken {
    std::set<ParticipantId> ids;
    std::optional<v1::SharedNote> note;
  };
  bus::RoomChange TakeChange(Taken& taken);
  bool has_work() const { return !waiting_.empty() || !notes_.empty(); }
  void RunSoon();
  asio::awaitable<void> Run();
  // Whether there is any use in going on.
  bool HandleFailure(const Error& error, Taken taken);

  asio::io_context& io_;
  bus::Bus& bus_;
  const std::string room_;
  Describe describe_;
  std::set<ParticipantId> waiting_;
  std::deque<v1::SharedNote> notes_;
  std::map<ParticipantId, std::string> reasons_;  // of those that are gone and wait
  std::map<ParticipantId, std::string> written_;  // the values, as they were last sent
  net::Event idle_;                               // nothing waits, nothing is under way
  bool is_behind_ = false;
  bool is_ended_ = false;
};

}  // namespace confab::signaling
