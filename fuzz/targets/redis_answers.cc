// What a Redis answers, or whatever listens in its place.

#include <algorithm>
#include <string>
#include <vector>

#include "backends/bus/message.h"
#include "backends/bus/redis/redis_answers.h"
#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"

namespace confab::bus {
namespace {

// The replies that the reader makes of the text, in pieces of this size, up to the first error.
std::vector<Reply> ReadInPieces(std::string_view text, size_t piece) {
  ReplyReader reader;
  std::vector<Reply> replies;
  for (size_t at = 0; at < text.size(); at += piece) {
    if (!reader.Feed(text.substr(at, piece))) return replies;
    for (;;) {
      auto next = reader.Next();
      if (!next) {
        CHECK(!next.error().message.empty());
        return replies;
      }
      if (!*next) break;
      replies.push_back(std::move(**next));
    }
  }
  return replies;
}

bool AreSame(const Reply& one, const Reply& other) {
  return one.kind == other.kind && one.text == other.text && one.number == other.number &&
         std::ranges::equal(one.items, other.items, AreSame);
}

template <typename T>
bool IsRead(const Result<T>& result) {
  CHECK(result || !result.error().message.empty());
  return result.has_value();
}

void CheckLog(const LogRead& read) {
  for (const LogEntry& entry : read.entries) {
    CHECK(entry.origin.is_nobody() == (entry.kind == EntryKind::kBroken));
  }
}

void CheckState(const RoomState& state) {
  CHECK(std::ranges::is_sorted(state.fields, {}, &OwnedField::key));
  for (const OwnedField& field : state.fields) CHECK(state.position.owners.contains(field.owner));
  for (const InstanceName& owner : state.position.owners) CHECK(!owner.is_nobody());
}

void Take(const Reply& reply) {
  (void)IsRead(ParseWritten(reply));
  if (const auto read = ParseLogRead(reply); IsRead(read)) CheckLog(*read);
  if (const auto state = ParseSnapshot(reply); IsRead(state)) CheckState(*state);
  if (const auto beat = ParseBeat(reply); IsRead(beat)) {
    CHECK(beat->generation != 0);
    for (const InstanceName& name : beat->alive) CHECK(!name.is_nobody());
  }
  // What is published comes as a text.
  if (const auto message = ParseMessage(reply.text)) {
    CHECK(MakeMessage(message->from, message->bytes) == reply.text);
  }
}

}  // namespace

CONFAB_FUZZ_TARGET(redis_answers) {
  constexpr size_t kMostPiece = 64;
  fuzz::Input bytes(input);
  const size_t piece = bytes.Below(kMostPiece) + 1;
  const std::string_view text = AsText(bytes.Rest());
  const std::vector<Reply> replies = ReadInPieces(text, text.size() + 1);
  CHECK(std::ranges::equal(replies, ReadInPieces(text, piece), AreSame));
  for (const Reply& reply : replies) Take(reply);
}

}  // namespace confab::bus
