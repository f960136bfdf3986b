#include "services/signaling/record/call_record.h"

#include <boost/json/serialize.hpp>
#include <utility>

#include "backends/store/unix_micros.h"
#include "base/check.h"
#include "base/id.h"

namespace confab::signaling {
namespace {

using store::AuditEntry, store::SessionRow, store::SessionStore, store::StoreResult;

struct EntryTag;

// What the store knows of those who were in a call with a process that died.
constexpr std::string_view kInstanceLost = "instance_lost";
constexpr std::string_view kUnknownActor = "unknown";

asio::awaitable<StoreResult<void>> FinishAll(store::Store& store, std::string instance,
                                             int64_t at_us) {
  while (true) {
    SessionStore::End end{
        .reason = std::string(kInstanceLost), .at_us = at_us, .signaling_instance = instance};
    const auto finished = co_await store.sessions().FinishAllOf(std::move(end));
    if (!finished) co_return std::unexpected(finished.error());
    if (*finished == 0) co_return StoreResult<void>();
  }
}

asio::awaitable<StoreResult<void>> Start(store::Store& store, SessionRow session) {
  return store.sessions().Start(std::move(session));
}

asio::awaitable<StoreResult<void>> TakeOver(store::Store& store, SessionRow session) {
  return store.sessions().TakeOver(std::move(session));
}

asio::awaitable<StoreResult<void>> Finish(store::Store& store, std::string id,
                                          SessionStore::End end) {
  const auto ended = co_await store.sessions().Finish(std::move(id), std::move(end));
  if (!ended) co_return std::unexpected(ended.error());
  co_return StoreResult<void>();  // an unknown one: its beginning was dropped at the limit
}

}  // namespace

std::string_view ToString(Deed::Kind kind) {
  switch (kind) {
    case Deed::Kind::kRemoveParticipant: return "participant.remove";
    case Deed::Kind::kMuteParticipant: return "participant.mute";
    case Deed::Kind::kCloseRoom: return "room.close";
  }
  CheckFailed(__FILE__, __LINE__, "Deed::Kind is one of its enumerators");
}

void CallRecord::FinishEarlier(int64_t now_us) {
  if (store_ == nullptr) return;
  behind_.Add([&store = *store_, instance = instance_, now_us] {
    return FinishAll(store, instance, now_us);
  });
}

void CallRecord::Came(const Room& room, const Participant& participant, int64_t now_us) {
  if (store_ == nullptr) return;
  SessionRow session = Row(room, participant, now_us);
  behind_.Add([&store = *store_, session = std::move(session)] { return Start(store, session); });
}

void CallRecord::TakenOver(const Room& room, const Participant& participant) {
  if (store_ == nullptr) return;
  SessionRow session =
      Row(room, participant, participant.joined_at_ms * store::kMicrosPerSecond / 1000);
  behind_.Add(
      [&store = *store_, session = std::move(session)] { return TakeOver(store, session); });
}

SessionRow CallRecord::Row(const Room& room, const Participant& participant,
                           int64_t started_at_us) const {
  return {.id = participant.id.ToString(),
          .room = room.name(),
          .participant = participant.id.ToString(),
          .identity = participant.identity,
          .name = participant.name,
          .signaling_instance = instance_,
          .started_at_us = started_at_us};
}

void CallRecord::Left(ParticipantId participant, std::string_view reason, int64_t now_us) {
  if (store_ == nullptr) return;
  SessionStore::End end{
      .reason = std::string(reason), .at_us = now_us, .signaling_instance = instance_};
  behind_.Add([&store = *store_, id = participant.ToString(), end = std::move(end)] {
    return Finish(store, id, end);
  });
}

void CallRecord::Done(Deed deed, int64_t now_us) {
  if (store_ == nullptr) return;
  AuditEntry entry{.id = Id<EntryTag>::Random(random_).ToString(),
                   .at_us = now_us,
                   .actor = deed.actor.empty() ? std::string(kUnknownActor) : std::move(deed.actor),
                   .action = std::string(ToString(deed.kind)),
                   .room = std::move(deed.room),
                   .target = std::move(deed.target),
                   .detail = json::serialize(deed.detail)};
  behind_.Add([&store = *store_, entry = std::move(entry)] { return store.audit().Add(entry); });
}

}  // namespace confab::signaling
