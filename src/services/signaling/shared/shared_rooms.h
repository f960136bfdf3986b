#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "backends/bus/bus.h"
#include "net/asio.h"
#include "services/signaling/shared/room_reader.h"
#include "services/signaling/shared/room_writer.h"

namespace confab::signaling {

// Rooms that several signaling instances have participants in. Each instance writes its own
// participants to the bus and shows those of the others; one that comes back at another instance is
// taken over by that one. Lives on the io_context's thread. Destroy it when the io_context does not
// run any more, or after End; bus and listener must outlive it.
class SharedRooms {
 public:
  // How long a join waits until the others' participants are known. Later, it goes on without.
  static constexpr TimeDelta kReachTime = TimeDelta::Seconds(1);
  // How long an acknowledgement waits until the other instances can know what it says. Later, it is
  // given all the same, and what it says is written when the bus is back.
  static constexpr TimeDelta kWriteTime = TimeDelta::Seconds(5);
  // A room that nobody uses here is not followed any more after one or two of these.
  static constexpr TimeDelta kSweepInterval = TimeDelta::Seconds(10);

  class Listener {
   public:
    virtual ~Listener() = default;
    // Whose it is, where we have the participant too.
    enum class Claim : uint8_t { kTheirs, kOurs };
    virtual Claim OnShared(const std::string& room, ParticipantId id, const Sharing& sharing) = 0;
    virtual void OnUnshared(const std::string& room, ParticipantId id, std::string_view reason) = 0;
    virtual void OnNote(const std::string& room, const v1::SharedNote& note) = 0;
    // Notes may have been missed.
    virtual void OnNotesMissed(const std::string& room) = 0;
    virtual void OnRequest(const v1::SharedRequest& request) = 0;
    // Of a participant of ours; nothing where there is none.
    virtual std::optional<v1::SharedParticipant> Describe(const std::string& room,
                                                          ParticipantId id) const = 0;
    virtual bool IsHere(const std::string& room, ParticipantId id) const = 0;
    virtual bool IsUsed(const std::string& room) const = 0;
  };

  SharedRooms(asio::io_context& io, bus::Bus& bus, Listener& listener);
  ~SharedRooms();
  SharedRooms(const SharedRooms&) = delete;
  SharedRooms& operator=(const SharedRooms&) = delete;

  const bus::InstanceName& self() const { return bus_.self(); }

  // Whether it is known who is in the room at other instances. Waits for it at most kReachTime.
  asio::awaitable<bool> Reach(std::string room);
  // Participants of other instances, as far as they are known.
  const std::map<ParticipantId, Sharing>& Others(const std::string& room) const;
  // nullptr: not known.
  const Sharing* Find(const std::string& room, ParticipantId id) const;

  // A participant of ours has changed, or is ours from now on.
  void Touch(const std::string& room, ParticipantId id);
  void Left(const std::string& room, ParticipantId id, std::string_view reason);
  // Tells the other instances, in the order of the calls, when the bus takes it. False: too much
  // waits already.
  bool Say(const std::string& room, v1::SharedNote note);
  // The same of what is worth nothing later: while the bus is away it is not kept.
  void Hint(const std::string& room, v1::SharedNote note);
  bool is_up() const { return bus_.status().is_up; }
  // Waits until what has changed is written, at most kWriteTime; not at all while the bus is away,
  // or has taken nothing since somebody waited so long.
  asio::awaitable<void> Written(std::string room);
  // Asks the instance that has this participant. Error: kParticipantNotFound, kUnavailable.
  asio::awaitable<Result<void>> Ask(v1::SharedRequest request);

  // Waits for what is not written yet, at most until the deadline. Nothing is written or told
  // afterwards.
  asio::awaitable<void> End(TimeDelta deadline);

 private:
  struct Entry {
    std::shared_ptr<RoomReader> reader;
    std::shared_ptr<RoomWriter> writer;
    bool is_used = true;  // since the last sweep
  };

  Entry& Open(const std::string& room);
  void HandleSet(const std::string& room, ParticipantId id, const Sharing& sharing);
  void HandleOwn(const std::string& room, ParticipantId id);
  std::optional<std::string> Value(const std::string& room, ParticipantId id) const;
  void SweepLater();
  void Sweep();

  asio::io_context& io_;
  bus::Bus& bus_;
  Listener& listener_;
  std::map<std::string, Entry> rooms_;
  asio::steady_timer sweeping_;
};

}  // namespace confab::signaling
