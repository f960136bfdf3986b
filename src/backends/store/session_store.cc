#include "backends/store/session_store.h"

#include <algorithm>
#include <utility>

#include "backends/store/limits.h"
#include "backends/store/row_reader.h"
#include "backends/store/text_rules.h"

namespace confab::store {
namespace {

constexpr std::string_view kInsertSession =
    "INSERT INTO sessions (id, room, participant, identity, name, signaling_instance, "
    "started_at_us, ended_at_us, end_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '') "
    "ON CONFLICT (id) DO NOTHING";
constexpr std::string_view kTakeOverSession =
    "INSERT INTO sessions (id, room, participant, identity, name, signaling_instance, "
    "started_at_us, ended_at_us, end_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '') "
    "ON CONFLICT (id) DO UPDATE SET signaling_instance = excluded.signaling_instance, "
    "ended_at_us = 0, end_reason = ''";
constexpr std::string_view kEndSession =
    "UPDATE sessions SET ended_at_us = $2, end_reason = $3 "
    "WHERE id = $1 AND ended_at_us = 0 AND signaling_instance = $4";
constexpr std::string_view kEndSessionsOfInstance =
    "UPDATE sessions SET ended_at_us = $2, end_reason = $3 WHERE ended_at_us = 0 AND id IN "
    "(SELECT id FROM sessions WHERE signaling_instance = $1 AND ended_at_us = 0 LIMIT $4) "
    "RETURNING 1";
constexpr std::string_view kFindSession =
    "SELECT id, room, participant, identity, name, signaling_instance, started_at_us, "
    "ended_at_us, end_reason FROM sessions WHERE id = $1";
constexpr std::string_view kPageOfRoomSessions =
    "SELECT id, room, participant, identity, name, signaling_instance, started_at_us, "
    "ended_at_us, end_reason FROM sessions WHERE room = $1 AND (started_at_us, id) < ($2, $3) "
    "ORDER BY started_at_us DESC, id DESC LIMIT $4";

SessionRow ReadSession(RowReader& row) {
  SessionRow session;
  session.id = row.Text();
  session.room = row.Text();
  session.participant = row.Text();
  session.identity = row.Text();
  session.name = row.Text();
  session.signaling_instance = row.Text();
  session.started_at_us = row.Integer();
  session.ended_at_us = row.Integer();
  session.end_reason = row.Text();
  return session;
}

StoreResult<void> CheckSession(const SessionRow& session) {
  return InputCheck()
      .Word("session id", session.id, kMaxIdBytes)
      .Word("room", session.room, kMaxRoomBytes)
      .Word("participant", session.participant, kMaxIdBytes)
      .Text("identity", session.identity, kMaxIdentityBytes)
      .Text("name", session.name, kMaxNameBytes)
      .Word("signaling instance", session.signaling_instance, kMaxInstanceBytes)
      .Time("start", session.started_at_us)
      .result();
}

StoreResult<void> CheckEnd(const SessionStore::End& end) {
  return InputCheck()
      .Word("reason", end.reason, kMaxWordBytes)
      .Time("end", end.at_us)
      .Word("signaling instance", end.signaling_instance, kMaxInstanceBytes)
      .result();
}

}  // namespace

asio::awaitable<StoreResult<void>> SessionStore::Start(SessionRow session) {
  return Put(kInsertSession, std::move(session));
}

asio::awaitable<StoreResult<void>> SessionStore::TakeOver(SessionRow session) {
  return Put(kTakeOverSession, std::move(session));
}

asio::awaitable<StoreResult<void>> SessionStore::Put(std::string_view sql, SessionRow session) {
  const auto valid = CheckSession(session);
  if (!valid) co_return std::unexpected(valid.error());
  Statement put(sql,
                {std::move(session.id), std::move(session.room), std::move(session.participant),
                 std::move(session.identity), std::move(session.name),
                 std::move(session.signaling_instance), session.started_at_us});
  auto rows = co_await database_.Run(std::move(put));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return StoreResult<void>();
}

asio::awaitable<StoreResult<SessionStore::Ended>> SessionStore::Finish(std::string id, End end) {
  const auto valid = CheckEnd(end);
  if (!valid) co_return std::unexpected(valid.error());
  std::vector<Statement> statements;
  statements.push_back(Statement(
      kEndSession, {id, end.at_us, std::move(end.reason), std::move(end.signaling_instance)}));
  statements.push_back(Statement(kFindSession, {id}));
  auto rows = co_await database_.Transact(std::move(statements));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return (*rows)[1].empty() ? Ended::kUnknown : Ended::kEnded;
}

asio::awaitable<StoreResult<int64_t>> SessionStore::FinishAllOf(End end) {
  const auto valid = CheckEnd(end);
  if (!valid) co_return std::unexpected(valid.error());
  Statement finish(kEndSessionsOfInstance, {std::move(end.signaling_instance), end.at_us,
                                            std::move(end.reason), kMaxPageRows});
  auto rows = co_await database_.Run(std::move(finish));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return static_cast<int64_t>(rows->size());
}

asio::awaitable<StoreResult<std::optional<SessionRow>>> SessionStore::Find(std::string id) {
  Statement find(kFindSession, {std::move(id)});
  auto rows = co_await database_.Run(std::move(find));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadOptional(std::move(*rows), ReadSession);
}

asio::awaitable<StoreResult<std::vector<SessionRow>>> SessionStore::OfRoom(std::string room,
                                                                           Before before,
                                                                           int64_t max_rows) {
  Statement page(kPageOfRoomSessions, {std::move(room), before.started_at_us, std::move(before.id),
                                       std::clamp<int64_t>(max_rows, 1, kMaxPageRows)});
  auto rows = co_await database_.Run(std::move(page));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadRows(std::move(*rows), ReadSession);
}

}  // namespace confab::store
