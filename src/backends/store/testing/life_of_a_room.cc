#include "backends/store/testing/life_of_a_room.h"

#include <stdexcept>
#include <utility>

namespace confab::store {
namespace {

constexpr int kMostAttempts = 3;

}  // namespace

LifeOfARoom::LifeOfARoom(asio::io_context& io, Store& store, std::string prefix, int64_t now_us)
    : io_(io), store_(store), prefix_(std::move(prefix)), now_us_(now_us) {}

template <typename T>
T LifeOfARoom::Insist(const std::function<asio::awaitable<StoreResult<T>>()>& call) {
  for (int attempt = 1;; ++attempt) {
    auto result = WaitFor(io_, call());
    if (result) return std::move(*result);
    if (!IsPassing(result.error().fault) || attempt == kMostAttempts) {
      throw std::runtime_error(result.error().message);
    }
  }
}

void LifeOfARoom::Insist(const std::function<asio::awaitable<StoreResult<void>>()>& call) {
  for (int attempt = 1;; ++attempt) {
    const auto result = WaitFor(io_, call());
    if (result) return;
    if (!IsPassing(result.error().fault) || attempt == kMostAttempts) {
      throw std::runtime_error(result.error().message);
    }
  }
}

void LifeOfARoom::Expect(bool is_so, const std::string& what) {
  if (!is_so && wrong_.empty()) wrong_ = what;
}

std::string LifeOfARoom::Live() {
  SetUpRoom();
  PlaceRoom();
  KeepSessions();
  Write();
  UseTokens();
  Look();
  return wrong_;
}

void LifeOfARoom::SetUpRoom() {
  RoomStore& rooms = store_.rooms();
  const auto made = Insist<RoomRow>([&] { return rooms.Create(room_, "{}", now_us_); });
  Expect(made.version == 1 && made.settings == "{}", "the room was not created once");
  const RoomStore::Wanted wanted{
      .room = room_, .settings = "changed", .seen_version = 1, .now_us = now_us_};
  const auto changed = Insist<RoomStore::Changed>([&] { return rooms.ChangeSettings(wanted); });
  Expect(changed.outcome == RoomStore::Change::kDone && changed.room.version == 2,
         "the settings were not changed once");
  Insist<std::vector<RoomRow>>([&] { return rooms.Page(room_, 10); });
  Insist<RoomRow>([&] { return rooms.Create(prefix_ + "other", "{}", now_us_); });
  Insist([&] { return rooms.Remove(prefix_ + "other"); });
  const auto removed =
      Insist<std::optional<RoomRow>>([&] { return rooms.Find(prefix_ + "other"); });
  Expect(!removed, "the other room was not removed");
}

void LifeOfARoom::PlaceRoom() {
  PlacementStore& placements = store_.placements();
  PlacementStore::Claim claim{.room = room_, .media_instance = prefix_ + "media-1", .id = 1};
  const auto first = Insist<PlacementStore::Claimed>([&] { return placements.Take(claim); });
  Expect(first.is_granted && first.row.epoch == 1, "the first claim was not granted once");
  using Renewals = std::vector<PlacementStore::Renewal>;
  const std::vector<PlacementStore::Lease> leases = {{.room = room_, .epoch = 1}};
  const auto renewed = Insist<Renewals>([&] { return placements.Renew(leases); });
  Expect(renewed == Renewals{PlacementStore::Renewal::kRenewed}, "the lease was not renewed");

  const auto seen = Insist<std::optional<PlacementRow>>([&] { return placements.Find(room_); });
  Expect(seen && seen->renewals >= 1, "the renewal is not to be seen");
  claim.media_instance = prefix_ + "media-2";
  claim.seen = {.epoch = seen->epoch, .renewals = seen->renewals};
  claim.id = 2;
  const auto second = Insist<PlacementStore::Claimed>([&] { return placements.Take(claim); });
  Expect(second.is_granted && second.row.epoch == 2, "the second claim was not granted once");
  const auto rooms = Insist<std::vector<PlacementRow>>(
      [&] { return placements.OfInstance(claim.media_instance, "", 10); });
  Expect(rooms.size() == 1, "the instance does not have its room");
  const PlacementStore::Lease lease{.room = room_, .epoch = 2};
  Insist([&] { return placements.Release(lease, now_us_); });
  const auto released =
      Insist<Renewals>([&] { return placements.Renew(std::vector<PlacementStore::Lease>{lease}); });
  Expect(released == Renewals{PlacementStore::Renewal::kLost}, "the room was not released");
}

void LifeOfARoom::KeepSessions() {
  SessionStore& sessions = store_.sessions();
  for (const char* id : {"session-1", "session-2"}) {
    const SessionRow session{.id = prefix_ + id,
                             .room = room_,
                             .participant = "participant",
                             .signaling_instance = prefix_ + "signaling",
                             .started_at_us = now_us_};
    Insist([&] { return sessions.Start(session); });
  }
  const SessionStore::End left{
      .reason = "left", .at_us = now_us_ + 1, .signaling_instance = prefix_ + "signaling"};
  const auto ended =
      Insist<SessionStore::Ended>([&] { return sessions.Finish(prefix_ + "session-1", left); });
  Expect(ended == SessionStore::Ended::kEnded, "the session did not end");
  const SessionStore::End lost{
      .reason = "lost", .at_us = now_us_ + 2, .signaling_instance = prefix_ + "signaling"};
  Insist<int64_t>([&] { return sessions.FinishAllOf(lost); });
  const auto all = Insist<std::vector<SessionRow>>([&] { return sessions.OfRoom(room_, {}, 10); });
  Expect(all.size() == 2 && all[0].end_reason == "lost" && all[1].end_reason == "left",
         "the sessions are not there once, each with its first end");
}

void LifeOfARoom::Write() {
  for (int i = 1; i <= 3; ++i) {
    const NewMessage message{.room = room_,
                             .sender = "ann",
                             .client_id = std::to_string(i),
                             .recipient = i == 2 ? "bob" : "",
                             .body = "Hello",
                             .sent_at_us = now_us_};
    const auto stored = Insist<MessageRow>([&] { return store_.messages().Add(message); });
    Expect(stored.seq == i, "a message has another number than its place");
  }
  const MessageStore::HistoryPage page{.room = room_, .viewer = "bob", .max_rows = 10};
  const auto history =
      Insist<std::vector<MessageRow>>([&] { return store_.messages().History(page); });
  Expect(history.size() == 3, "the messages are not there once");
}

void LifeOfARoom::UseTokens() {
  const ApiKeyRow key{
      .id = prefix_ + "key", .secret = "secret", .scopes = "", .created_at_us = now_us_};
  Insist<ApiKeyStore::Added>([&] { return store_.api_keys().Add(key); });
  Insist<std::vector<ApiKeyRow>>([&] { return store_.api_keys().All(); });
  Insist([&] { return store_.api_keys().Remove(key.id); });

  const RevocationRow revocation{.subject = prefix_ + "token", .expires_at_us = now_us_ + 10};
  Insist([&] { return store_.revocations().Revoke(revocation); });
  const bool is_revoked =
      Insist<bool>([&] { return store_.revocations().IsRevoked(revocation.subject, now_us_); });
  Expect(is_revoked, "the token is not revoked");
  Insist<std::vector<RevocationRow>>([&] { return store_.revocations().Page("", now_us_, 10); });

  UsedTokenStore::Use use{
      .token_id = prefix_ + "join", .use_id = "one", .expires_at_us = now_us_ + 10};
  const auto first =
      Insist<UsedTokenStore::Outcome>([&] { return store_.used_tokens().Take(use); });
  Expect(first == UsedTokenStore::Outcome::kFirst, "the first use is not the first");
  use.use_id = "two";
  const auto again =
      Insist<UsedTokenStore::Outcome>([&] { return store_.used_tokens().Take(use); });
  Expect(again == UsedTokenStore::Outcome::kAgain, "the token admits twice");
  Insist([&] { return store_.used_tokens().Release(use.token_id, "one"); });
}

void LifeOfARoom::Look() {
  const AuditEntry entry{.id = prefix_ + "entry",
                         .at_us = now_us_,
                         .actor = "ann",
                         .action = "room.close",
                         .room = room_};
  Insist([&] { return store_.audit().Add(entry); });
  const auto entries =
      Insist<std::vector<AuditEntry>>([&] { return store_.audit().OfRoom(room_, {}, 10); });
  Expect(entries.size() == 1, "the entry is not there once");
  Insist<std::vector<AuditEntry>>([&] { return store_.audit().Page({}, 10); });
  const auto session = Insist<std::optional<SessionRow>>(
      [&] { return store_.sessions().Find(prefix_ + "session-1"); });
  Expect(session && session->end_reason == "left", "the session has another end");
  Insist<Retention::Outcome>([&] { return store_.retention().Run({}, now_us_); });
}

}  // namespace confab::store
