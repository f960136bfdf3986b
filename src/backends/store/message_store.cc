#include "backends/store/message_store.h"

#include <algorithm>
#include <utility>

#include "backends/store/limits.h"
#include "backends/store/row_reader.h"
#include "backends/store/text_rules.h"

namespace confab::store {
namespace {

// Locks the room's sequence until the transaction ends, so that the statements behind it see every
// message of the room that is stored. The day, not the time: a column that an index holds would
// make each message dearer.
constexpr std::string_view kLockSequence =
    "INSERT INTO message_sequences (room, last, used_on_us) VALUES ($1, 0, $2) "
    "ON CONFLICT (room) DO UPDATE SET used_on_us = excluded.used_on_us";
constexpr std::string_view kInsertMessage =
    "INSERT INTO messages (room, seq, sender, client_id, recipient, body, sent_at_us, "
    "from_id, from_name, to_id, to_name) "
    "SELECT $1, last + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM message_sequences WHERE room = "
    "$1 "
    "ON CONFLICT (room, sender, client_id) DO NOTHING";
// Only where the message took the number: a repetition leaves no gap.
constexpr std::string_view kAdvanceSequence =
    "UPDATE message_sequences SET last = last + 1 WHERE room = $1 AND last < "
    "(SELECT seq FROM messages WHERE room = $1 AND sender = $2 AND client_id = $3)";
constexpr std::string_view kFindMessage =
    "SELECT seq, sender, client_id, recipient, body, sent_at_us, from_id, from_name, to_id, "
    "to_name "
    "FROM messages WHERE room = $1 AND sender = $2 AND client_id = $3";
// Three short walks along three indexes instead of one along everything that others whispered.
constexpr std::string_view kPageOfHistory =
    "SELECT seq, sender, client_id, recipient, body, sent_at_us, from_id, from_name, to_id, "
    "to_name "
    "FROM ("
    "SELECT * FROM (SELECT * FROM messages "
    "WHERE room = $1 AND recipient = '' AND seq < $3 ORDER BY seq DESC LIMIT $4) AS everybodys "
    "UNION ALL "
    "SELECT * FROM (SELECT * FROM messages "
    "WHERE room = $1 AND recipient = $2 AND recipient <> '' AND seq < $3 "
    "ORDER BY seq DESC LIMIT $4) AS received "
    "UNION ALL "
    "SELECT * FROM (SELECT * FROM messages "
    "WHERE room = $1 AND sender = $2 AND recipient <> '' AND recipient <> $2 AND seq < $3 "
    "ORDER BY seq DESC LIMIT $4) AS whispered"
    ") AS readable ORDER BY seq DESC LIMIT $4";

constexpr int64_t kDayUs = int64_t{24} * 3600 * 1'000'000;

MessageRow ReadMessage(RowReader& row) {
  MessageRow message;
  message.seq = row.Integer();
  message.sender = row.Text();
  message.client_id = row.Text();
  message.recipient = row.Text();
  message.body = row.Text();
  message.sent_at_us = row.Integer();
  message.people.from = row.Text();
  message.people.name = row.Text();
  message.people.to = row.Text();
  message.people.to_name = row.Text();
  return message;
}

StoreResult<void> CheckMessage(const NewMessage& message) {
  return InputCheck()
      .Word("room", message.room, kMaxRoomBytes)
      .Word("sender", message.sender, kMaxActorBytes)
      .Word("client id", message.client_id, kMaxIdBytes)
      .Text("recipient", message.recipient, kMaxActorBytes)
      .Word("message", message.body, kMaxMessageBytes)
      .Time("time", message.sent_at_us)
      .Text("participant", message.people.from, kMaxIdBytes)
      .Text("name", message.people.name, kMaxNameBytes)
      .Text("recipient's participant", message.people.to, kMaxIdBytes)
      .Text("recipient's name", message.people.to_name, kMaxNameBytes)
      .result();
}

}  // namespace

asio::awaitable<StoreResult<MessageRow>> MessageStore::Add(NewMessage message) {
  const auto valid = CheckMessage(message);
  if (!valid) co_return std::unexpected(valid.error());
  const std::string& room = message.room;
  const int64_t day_us = message.sent_at_us / kDayUs * kDayUs;
  std::vector<Statement> statements;
  statements.push_back(Statement(kLockSequence, {room, day_us}));
  const MessagePeople& people = message.people;
  statements.push_back(Statement(
      kInsertMessage, {room, message.sender, message.client_id, message.recipient, message.body,
                       message.sent_at_us, people.from, people.name, people.to, people.to_name}));
  statements.push_back(Statement(kAdvanceSequence, {room, message.sender, message.client_id}));
  statements.push_back(Statement(kFindMessage, {room, message.sender, message.client_id}));
  auto rows = co_await database_.Transact(std::move(statements));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadRow(std::move((*rows)[3]), ReadMessage);
}

asio::awaitable<StoreResult<std::vector<MessageRow>>> MessageStore::History(HistoryPage page) {
  Statement history(kPageOfHistory, {std::move(page.room), std::move(page.viewer), page.before_seq,
                                     std::clamp<int64_t>(page.max_rows, 1, kMaxPageRows)});
  auto rows = co_await database_.Run(std::move(history));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadRows(std::move(*rows), ReadMessage);
}

}  // namespace confab::store
