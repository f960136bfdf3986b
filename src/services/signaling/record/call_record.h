#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backends/store/store.h"
#include "backends/store/write_behind.h"
#include "base/random.h"
#include "services/signaling/room/room.h"

namespace confab::signaling {

// Something that was done to others, for the audit trail.
struct Deed {
  enum class Kind : uint8_t { kRemoveParticipant, kMuteParticipant, kCloseRoom };
  Kind kind = Kind::kRemoveParticipant;
  std::string actor;   // as store::AuditEntry has it; "": who it was is not known
  std::string room;    // its name
  std::string target;  // a participant; "" where the room is meant
  json::object detail;
};

// Writes down who was in which room (store::SessionStore) and what moderators did
// (store::AuditTrail): exactly once each, in order, and without anybody waiting for it. While the
// store is away records wait in memory (store::WriteBehind, which has the limit); what waits is
// lost with the process, and what was open then is ended by the next one of this name. Without a
// store it does nothing. Lives on the io_context's thread; store and `behind` must outlive it.
class CallRecord {
 public:
  // `instance`: under which sessions are kept.
  CallRecord(store::Store* store, store::WriteBehind& behind, std::string instance)
      : store_(store), behind_(behind), instance_(std::move(instance)) {}

  // What an earlier process of this name left open has ended. Before anything else is written.
  void FinishEarlier(int64_t now_us);
  void Came(const Room& room, const Participant& participant, int64_t now_us);
  // It was at another instance before, and goes on here: what that one writes of its end counts no
  // more.
  void TakenOver(const Room& room, const Participant& participant);
  void Left(ParticipantId participant, std::string_view reason, int64_t now_us);
  void Done(Deed deed, int64_t now_us);

 private:
  store::SessionRow Row(const Room& room, const Participant& participant,
                        int64_t started_at_us) const;

  store::Store* store_;
  store::WriteBehind& behind_;
  std::string instance_;
  SecureRandom random_;
};

// For example "participant.remove".
std::string_view ToString(Deed::Kind kind);

}  // namespace confab::signaling
