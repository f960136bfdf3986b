#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "backends/bus/bus.h"
#include "base/back_off.h"
#include "base/random.h"
#include "confab/signaling/v1/shared.pb.h"
#include "net/asio.h"
#include "net/event.h"
#include "services/signaling/room/ids.h"

namespace confab::signaling {

// A participant as an instance shares it.
struct Sharing {
  bus::InstanceName owner;
  v1::SharedParticipant participant;
};

// What the other instances share of one room: taken from the bus, and followed. Where the bus is
// away it begins when it is back; what was known stays. Held by shared_ptr, because questions to
// the bus outlive its owner; lives on the io_context's thread. The bus must outlive its coroutines.
class RoomReader : public std::enable_shared_from_this<RoomReader> {
 public:
  struct Listener {
    // Somebody shares this participant, anew or as it is now. May call Forget.
    std::function<void(ParticipantId, const Sharing&)> on_set;
    // This instance has written it, perhaps too late: somebody else took it over meanwhile.
    std::function<void(ParticipantId)> on_own;
    // Nobody does any more; why, in the words of `participantLeft`.
    std::function<void(ParticipantId, std::string_view reason)> on_gone;
    // What others said.
    std::function<void(const v1::SharedNote&)> on_note;
    // Some of that may have been missed.
    std::function<void()> on_missed;
  };

  RoomReader(asio::io_context& io, bus::Bus& bus, std::string room, Listener listener);

  void Start();
  // Nothing is told afterwards.
  void End();
  // Whether the room is known; waits for that, but no longer than this.
  asio::awaitable<bool> Known(TimeDelta patience);

  const std::map<ParticipantId, Sharing>& others() const { return others_; }
  // It is ours: whoever shares it as well is told by the next change.
  void Forget(ParticipantId id) { others_.erase(id); }

 private:
  asio::awaitable<void> Begin();
  void TakeState(const bus::RoomState& state);
  void TakeEntry(const bus::LogEntry& entry);
  void TakeOwnEntry(const bus::LogEntry& entry);
  void Set(const std::string& key, const std::string& value, const bus::InstanceName& owner);
  // By what was written of it last.
  bool IsOf(ParticipantId id, const bus::InstanceName& owner) const;
  void Drop(ParticipantId id, std::string_view reason);

  asio::io_context& io_;
  bus::Bus& bus_;
  const std::string room_;
  Listener listener_;
  std::map<ParticipantId, Sharing> others_;
  std::unique_ptr<bus::Bus::Following> following_;
  net::Event known_;  // or ended
  bool is_ended_ = false;
  BackOff back_off_;
  SecureRandom random_;
};

// The field of a participant; nothing where it is another's.
std::string KeyOf(ParticipantId id);
std::optional<ParticipantId> ParticipantOf(std::string_view key);

}  // namespace confab::signaling
