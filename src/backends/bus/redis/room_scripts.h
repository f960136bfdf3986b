#pragma once

#include <array>
#include <string_view>

namespace confab::bus {

// What Redis does as a whole or not at all, in Lua. Each script touches the keys of one room, or of
// one region, alone; docs/bus.md describes the keys.
enum class Script : uint8_t {
  // KEYS: meta, fields, log, origins. ARGV: generation, floor, expected life, kind (change,
  // restated,
  // gone), origin, number, previous, event, entries kept, fields allowed, origins kept, the room's
  // time to live in ms, channel, mark name, mark, the number of fields set, then key, value and
  // sequence of each, then the keys removed. Answers {verdict, life, sequence}.
  kWrite,
  // KEYS: meta, log. ARGV: life, after, how many, generation. Answers {life, base, sequence,
  // entries}, or {}.
  kRead,
  // KEYS: meta, fields, origins. ARGV: generation. Answers {life, sequence, fields, origins}, or
  // {}.
  kSnapshot,
  // KEYS: generation, instances. ARGV: name ("": nobody), ttl in ms, ttl of remote ones, channel,
  // how
  // many to list, the remote ones. Answers {generation, is new, the living …}.
  kBeat,
  // KEYS: instances. ARGV: name, channel.
  kLeave,
};
inline constexpr size_t kScriptCount = 5;

// By Script.
const std::array<std::string_view, kScriptCount>& ScriptTexts();

}  // namespace confab::bus
