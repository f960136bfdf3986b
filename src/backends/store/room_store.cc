#include "backends/store/room_store.h"

#include <algorithm>
#include <utility>

#include "backends/store/limits.h"
#include "backends/store/row_reader.h"
#include "backends/store/text_rules.h"

namespace confab::store {
namespace {

constexpr std::string_view kInsertRoom =
    "INSERT INTO rooms (room, settings, version, created_at_us, changed_at_us) "
    "VALUES ($1, $2, 1, $3, $3) ON CONFLICT (room) DO NOTHING";
constexpr std::string_view kFindRoom =
    "SELECT room, settings, version, created_at_us, changed_at_us FROM rooms WHERE room = $1";
constexpr std::string_view kUpdateRoom =
    "UPDATE rooms SET settings = $2, version = version + 1, changed_at_us = $3 "
    "WHERE room = $1 AND version = $4";
constexpr std::string_view kPageOfRooms =
    "SELECT room, settings, version, created_at_us, changed_at_us FROM rooms WHERE room > $1 "
    "ORDER BY room LIMIT $2";
constexpr std::string_view kRemoveRoom = "DELETE FROM rooms WHERE room = $1";

RoomRow ReadRoom(RowReader& row) {
  RoomRow room;
  room.room = row.Text();
  room.settings = row.Text();
  room.version = row.Integer();
  room.created_at_us = row.Integer();
  room.changed_at_us = row.Integer();
  return room;
}

RoomStore::Change OutcomeOf(const RoomStore::Wanted& wanted, const RoomRow& now) {
  const bool is_as_wanted =
      now.version == wanted.seen_version + 1 && now.settings == wanted.settings;
  return is_as_wanted ? RoomStore::Change::kDone : RoomStore::Change::kConflict;
}

}  // namespace

asio::awaitable<StoreResult<RoomRow>> RoomStore::Create(std::string room, std::string settings,
                                                        int64_t now_us) {
  const auto valid = InputCheck()
                         .Word("room", room, kMaxRoomBytes)
                         .Text("settings", settings, kMaxSettingsBytes)
                         .Time("time", now_us)
                         .result();
  if (!valid) co_return std::unexpected(valid.error());
  std::vector<Statement> statements;
  statements.push_back(Statement(kInsertRoom, {room, std::move(settings), now_us}));
  statements.push_back(Statement(kFindRoom, {room}));
  auto rows = co_await database_.Transact(std::move(statements));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadRow(std::move((*rows)[1]), ReadRoom);
}

asio::awaitable<StoreResult<RoomStore::Changed>> RoomStore::ChangeSettings(Wanted wanted) {
  const auto valid = InputCheck()
                         .Word("room", wanted.room, kMaxRoomBytes)
                         .Text("settings", wanted.settings, kMaxSettingsBytes)
                         .NotNegative("version", wanted.seen_version)
                         .Time("time", wanted.now_us)
                         .result();
  if (!valid) co_return std::unexpected(valid.error());
  std::vector<Statement> statements;
  statements.push_back(
      Statement(kUpdateRoom, {wanted.room, wanted.settings, wanted.now_us, wanted.seen_version}));
  statements.push_back(Statement(kFindRoom, {wanted.room}));
  auto rows = co_await database_.Transact(std::move(statements));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  auto found = ReadOptional(std::move((*rows)[1]), ReadRoom);
  if (!found) co_return std::unexpected(std::move(found.error()));
  Changed changed;
  if (found->has_value()) {
    changed.outcome = OutcomeOf(wanted, **found);
    changed.room = std::move(**found);
  }
  co_return changed;
}

asio::awaitable<StoreResult<std::optional<RoomRow>>> RoomStore::Find(std::string room) {
  Statement find(kFindRoom, {std::move(room)});
  auto rows = co_await database_.Run(std::move(find));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadOptional(std::move(*rows), ReadRoom);
}

asio::awaitable<StoreResult<std::vector<RoomRow>>> RoomStore::Page(std::string after,
                                                                   int64_t max_rows) {
  Statement page(kPageOfRooms, {std::move(after), std::clamp<int64_t>(max_rows, 1, kMaxPageRows)});
  auto rows = co_await database_.Run(std::move(page));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadRows(std::move(*rows), ReadRoom);
}

asio::awaitable<StoreResult<void>> RoomStore::Remove(std::string room) {
  Statement remove(kRemoveRoom, {std::move(room)});
  auto rows = co_await database_.Run(std::move(remove));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return StoreResult<void>();
}

}  // namespace confab::store
