#include "backends/store/audit_trail.h"

#include <algorithm>
#include <utility>

#include "backends/store/limits.h"
#include "backends/store/row_reader.h"
#include "backends/store/text_rules.h"

namespace confab::store {
namespace {

constexpr std::string_view kInsertAuditEntry =
    "INSERT INTO audit (id, at_us, actor, action, room, target, detail) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
constexpr std::string_view kPageOfAudit =
    "SELECT id, at_us, actor, action, room, target, detail FROM audit "
    "WHERE (at_us, id) < ($1, $2) ORDER BY at_us DESC, id DESC LIMIT $3";
constexpr std::string_view kPageOfRoomAudit =
    "SELECT id, at_us, actor, action, room, target, detail FROM audit "
    "WHERE room = $1 AND (at_us, id) < ($2, $3) ORDER BY at_us DESC, id DESC LIMIT $4";

AuditEntry ReadEntry(RowReader& row) {
  AuditEntry entry;
  entry.id = row.Text();
  entry.at_us = row.Integer();
  entry.actor = row.Text();
  entry.action = row.Text();
  entry.room = row.Text();
  entry.target = row.Text();
  entry.detail = row.Text();
  return entry;
}

StoreResult<void> CheckEntry(const AuditEntry& entry) {
  return InputCheck()
      .Word("entry id", entry.id, kMaxIdBytes)
      .Time("time", entry.at_us)
      .Word("actor", entry.actor, kMaxActorBytes)
      .Word("action", entry.action, kMaxWordBytes)
      .Text("room", entry.room, kMaxRoomBytes)
      .Text("target", entry.target, kMaxIdentityBytes)
      .Text("detail", entry.detail, kMaxDetailBytes)
      .result();
}

}  // namespace

asio::awaitable<StoreResult<void>> AuditTrail::Add(AuditEntry entry) {
  const auto valid = CheckEntry(entry);
  if (!valid) co_return std::unexpected(valid.error());
  Statement insert(kInsertAuditEntry, {std::move(entry.id), entry.at_us, std::move(entry.actor),
                                       std::move(entry.action), std::move(entry.room),
                                       std::move(entry.target), std::move(entry.detail)});
  auto rows = co_await database_.Run(std::move(insert));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return StoreResult<void>();
}

asio::awaitable<StoreResult<std::vector<AuditEntry>>> AuditTrail::Page(Before before,
                                                                       int64_t max_rows) {
  Statement page(kPageOfAudit, {before.at_us, std::move(before.id),
                                std::clamp<int64_t>(max_rows, 1, kMaxPageRows)});
  auto rows = co_await database_.Run(std::move(page));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadRows(std::move(*rows), ReadEntry);
}

asio::awaitable<StoreResult<std::vector<AuditEntry>>> AuditTrail::OfRoom(std::string room,
                                                                         Before before,
                                                                         int64_t max_rows) {
  Statement page(kPageOfRoomAudit, {std::move(room), before.at_us, std::move(before.id),
                                    std::clamp<int64_t>(max_rows, 1, kMaxPageRows)});
  auto rows = co_await database_.Run(std::move(page));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadRows(std::move(*rows), ReadEntry);
}

}  // namespace confab::store
