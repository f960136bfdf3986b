#include "backends/bus/redis/redis_answers.h"

#include <algorithm>

namespace confab::bus {
namespace {

std::unexpected<Error> Unreadable(const char* what) {
  return Fail(ErrorCode::kUnavailable, std::string("Redis holds ") + what +
                                           " that confab did not write: give it a database of "
                                           "its own");
}

std::optional<EntryKind> ParseKind(std::string_view text) {
  if (text == "change") return EntryKind::kChange;
  if (text == "restated") return EntryKind::kRestated;
  if (text == "gone") return EntryKind::kGone;
  return {};
}

// One name and value of a log entry; false: it means nothing.
bool TakePair(std::string_view name, std::string_view value, LogEntry& entry) {
  if (name.starts_with('+')) {
    entry.set.push_back({.key = std::string(name.substr(1)), .value = std::string(value)});
  } else if (name.starts_with('-')) {
    entry.removed.emplace_back(name.substr(1));
  } else if (name == "origin") {
    const auto origin = InstanceName::Parse(value);
    if (!origin) return false;
    entry.origin = *origin;
  } else if (name == "kind") {
    const auto kind = ParseKind(value);
    if (!kind) return false;
    entry.kind = *kind;
  } else if (name == "number") {
    entry.number = ParseNumber(value);
  } else if (name == "previous") {
    entry.previous = ParseNumber(value);
  } else if (name == "first") {
    entry.first_sequence = ParseNumber(value);
  } else if (name == "event") {
    entry.event = value;
  }
  return true;  // what later versions add does not harm
}

LogEntry ParseEntry(const Reply& reply) {
  const std::string_view id = reply.TextAt(0);
  LogEntry entry{.sequence = ParseNumber(id.substr(0, id.find('-')))};
  bool is_good = reply.items.size() == 2;
  for (size_t i = 0; is_good && i + 1 < reply.items[1].items.size(); i += 2) {
    is_good = TakePair(reply.items[1].TextAt(i), reply.items[1].TextAt(i + 1), entry);
  }
  if (is_good && !entry.origin.is_nobody()) return entry;
  return LogEntry{.sequence = entry.sequence, .kind = EntryKind::kBroken};
}

// "OWNER\nSEQUENCE\nVALUE".
std::optional<OwnedField> ParseField(std::string_view key, std::string_view text) {
  const size_t owner_end = text.find('\n');
  if (owner_end == text.npos) return {};
  const size_t sequence_end = text.find('\n', owner_end + 1);
  const auto owner = InstanceName::Parse(text.substr(0, owner_end));
  if (sequence_end == text.npos || !owner) return {};
  const std::string_view sequence = text.substr(owner_end + 1, sequence_end - owner_end - 1);
  return OwnedField{.key = std::string(key),
                    .value = std::string(text.substr(sequence_end + 1)),
                    .owner = *owner,
                    .sequence = ParseNumber(sequence)};
}

}  // namespace

Result<Written> ParseWritten(const Reply& reply) {
  const std::string_view verdict = reply.TextAt(0);
  Written written{.life = std::string(reply.TextAt(1)), .sequence = ParseNumber(reply.TextAt(2))};
  if (verdict == "done") return written;
  if (verdict == "repeated") {
    written.verdict = Verdict::kRepeated;
    return written;
  }
  if (verdict == "other") {
    written.verdict = Verdict::kOtherLife;
    return written;
  }
  if (verdict == "full") {
    return Fail(ErrorCode::kLimitExceeded, "the room has too many fields: remove some first");
  }
  if (verdict == "stale") {
    return Fail(ErrorCode::kUnavailable, "Redis was wiped, and this instance has not heard of it");
  }
  return Unreadable("an answer");
}

Result<LogRead> ParseLogRead(const Reply& reply) {
  LogRead read;
  if (reply.kind == Reply::Kind::kList && reply.items.empty()) return read;
  if (reply.items.size() != 4) return Unreadable("a room");
  read.life = reply.TextAt(0);
  read.base = ParseNumber(reply.TextAt(1));
  read.sequence = ParseNumber(reply.TextAt(2));
  for (const Reply& entry : reply.items[3].items) read.entries.push_back(ParseEntry(entry));
  return read;
}

Result<RoomState> ParseSnapshot(const Reply& reply) {
  RoomState state;
  if (reply.kind == Reply::Kind::kList && reply.items.empty()) return state;
  if (reply.items.size() != 4) return Unreadable("a room");
  state.position.life = reply.TextAt(0);
  state.position.sequence = ParseNumber(reply.TextAt(1));
  const Reply& fields = reply.items[2];
  for (size_t i = 0; i + 1 < fields.items.size(); i += 2) {
    auto field = ParseField(fields.TextAt(i), fields.TextAt(i + 1));
    if (!field) return Unreadable("a field");
    state.position.owners.insert(field->owner);
    state.fields.push_back(std::move(*field));
  }
  std::ranges::sort(state.fields, {}, &OwnedField::key);
  const Reply& origins = reply.items[3];
  for (size_t i = 0; i + 1 < origins.items.size(); i += 2) {
    const auto origin = InstanceName::Parse(origins.TextAt(i));
    const std::string_view done = origins.TextAt(i + 1);
    if (!origin) return Unreadable("an origin");
    state.position.numbers[*origin] = ParseNumber(done.substr(0, done.find(' ')));
  }
  return state;
}

Result<Beat> ParseBeat(const Reply& reply) {
  Beat beat{.generation = ParseNumber(reply.TextAt(0))};
  if (reply.items.size() < 2 || beat.generation == 0) return Unreadable("a generation");
  beat.is_new = reply.items[1].number == 1;
  for (size_t i = 2; i < reply.items.size(); ++i) {
    if (const auto name = InstanceName::Parse(reply.TextAt(i))) beat.alive.push_back(*name);
  }
  return beat;
}

}  // namespace confab::bus
