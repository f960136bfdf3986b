#include "backends/bus/redis/room_scripts.h"

namespace confab::bus {
namespace {

// Numbers are written by %.0f: Lua's own form of a large number has an exponent. All stay below
// 2^53, where doubles are exact.

// The first write decides whether a Redis at its maxmemory refuses the script: only what needs room
// begins with a command that may be refused. So people can leave when Redis is full.
//
// Of one generation's room nothing is left in the next one but its sequence, which never goes back:
// a room begins at the clock's microseconds, which no room's sequence overtakes.
//
// What was done is known by its number. A relay's restatement (it has a mark) may repeat the last
// number: it stands for a state, not for an event.
constexpr std::string_view kWriteText = R"lua(
local meta, fields, log, origins = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local generation, floor, expected, kind, origin = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local number, previous, event = tonumber(ARGV[6]), ARGV[7], ARGV[8]
local sets = tonumber(ARGV[16])

local m = redis.call('HMGET', meta, 'generation', 'life', 'sequence')
if m[1] and tonumber(m[1]) > tonumber(generation) then return {'stale'} end
local is_new = m[1] ~= generation
local life, sequence = m[2], tonumber(m[3] or '0')
if is_new then
  local t = redis.call('TIME')
  sequence = math.max(tonumber(t[1]) * 1000000 + tonumber(t[2]), tonumber(floor), sequence)
  life = generation .. '.' .. string.format('%.0f', sequence)
end
if expected ~= '' and expected ~= life then return {'other', life} end

local known = not is_new and redis.call('HGET', origins, origin)
local known_number, known_sequence
if known then known_number, known_sequence = string.match(known, '^(%d+) (%d+)$') end

local own = {}
if kind ~= 'change' and not is_new then
  local all = redis.call('HGETALL', fields)
  for i = 1, #all, 2 do
    if string.sub(all[i + 1], 1, #origin + 1) == origin .. '\n' then own[#own + 1] = all[i] end
  end
end
if kind == 'gone' then
  if known and #own == 0 then return {'repeated', life, known_sequence} end
elseif known and number <= tonumber(known_number) and
    not (kind == 'restated' and ARGV[14] ~= '' and number == tonumber(known_number)) then
  return {'repeated', life, known_sequence}
end

if sets > 0 then
  local count = is_new and 0 or redis.call('HLEN', fields)
  local added = 0
  for i = 17, 16 + 3 * sets, 3 do
    if is_new or redis.call('HEXISTS', fields, ARGV[i]) == 0 then added = added + 1 end
  end
  if added > 0 and count + added > tonumber(ARGV[10]) then return {'full'} end
end

local before = string.format('%.0f', sequence)
sequence = sequence + 1
local now = string.format('%.0f', sequence)
if sets == 0 and (#ARGV > 16 or kind ~= 'change') then redis.call('HDEL', fields, '') end
redis.call('HSET', meta, 'generation', generation, 'life', life, 'sequence', now)
if is_new then
  redis.call('HSET', meta, 'base', before)
  redis.call('DEL', fields, log, origins)
end
if ARGV[14] ~= '' then redis.call('HSET', meta, 'mark:' .. ARGV[14], ARGV[15]) end

local entry = {'kind', kind, 'origin', origin, 'number', ARGV[6], 'previous', previous,
               'event', event}
if kind == 'change' and sets > 0 and ARGV[19] ~= '0' then
  entry[#entry + 1] = 'first'
  entry[#entry + 1] = ARGV[19]
end
local kept = {}
for i = 17, 16 + 3 * sets, 3 do
  local key, value, set_at = ARGV[i], ARGV[i + 1], now
  local is_lost = false
  if kind == 'restated' or ARGV[i + 2] ~= '0' then
    set_at = ARGV[i + 2]
    local old = redis.call('HGET', fields, key)
    if old then
      local owner, old_at = string.match(old, '^([^\n]*)\n(%d+)\n')
      is_lost = owner ~= origin and tonumber(old_at) > tonumber(set_at)
    end
  end
  kept[key] = true
  if not is_lost then
    redis.call('HSET', fields, key, origin .. '\n' .. set_at .. '\n' .. value)
    entry[#entry + 1] = '+' .. key
    entry[#entry + 1] = value
  end
end
local function remove(key)
  redis.call('HDEL', fields, key)
  entry[#entry + 1] = '-' .. key
  entry[#entry + 1] = ''
end
for i = 17 + 3 * sets, #ARGV do
  local old = redis.call('HGET', fields, ARGV[i])
  if not old or string.sub(old, 1, #origin + 1) == origin .. '\n' then remove(ARGV[i]) end
end
for _, key in ipairs(own) do
  if not kept[key] then remove(key) end
end

redis.call('XADD', log, 'MAXLEN', ARGV[9], now .. '-0', unpack(entry))
if not known and redis.call('HLEN', origins) >= tonumber(ARGV[11]) then
  local all = redis.call('HGETALL', origins)
  local stalest, stalest_at
  for i = 1, #all, 2 do
    local at = tonumber(string.match(all[i + 1], ' (%d+)$'))
    if not stalest or at < stalest_at then stalest, stalest_at = all[i], at end
  end
  redis.call('HDEL', origins, stalest)
end
local done = kind == 'gone' and (known_number or '0') or ARGV[6]
redis.call('HSET', origins, origin, done .. ' ' .. now)
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[12]) end
redis.call('PUBLISH', ARGV[13], now)
return {'done', life, now}
)lua";

constexpr std::string_view kReadText = R"lua(
local m = redis.call('HMGET', KEYS[1], 'life', 'base', 'sequence', 'generation')
if not m[1] or tonumber(m[4]) < tonumber(ARGV[4]) then return {} end
local from = m[1] == ARGV[1] and ARGV[2] or m[2]
local entries = redis.call('XRANGE', KEYS[2], '(' .. from .. '-0', '+', 'COUNT', ARGV[3])
return {m[1], m[2], m[3], entries}
)lua";

constexpr std::string_view kSnapshotText = R"lua(
local m = redis.call('HMGET', KEYS[1], 'life', 'sequence', 'generation')
if not m[1] or tonumber(m[3]) < tonumber(ARGV[1]) then return {} end
return {m[1], m[2], redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3])}
)lua";

// A Redis that was started anew, or another one that took over, has another run id: what it holds
// may be older than what was acknowledged, so it counts as wiped. The first write is one that a
// full Redis never refuses: nobody is to be taken for gone because of it.
constexpr std::string_view kBeatText = R"lua(
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now))
local g = redis.call('HMGET', KEYS[1], 'run', 'number')
local generation = g[2]
if not g[1] or g[1] ~= run then
  generation = string.format('%.0f', math.max(now, tonumber(g[2] or '0') + 1))
  redis.call('HSET', KEYS[1], 'run', run, 'number', generation)
  redis.call('DEL', KEYS[2])
end
local is_new, has_news = 0, 0
if ARGV[1] ~= '' then
  is_new = redis.call('ZADD', KEYS[2], string.format('%.0f', now + ARGV[2]), ARGV[1])
  has_news = is_new
end
for i = 6, #ARGV do
  local added = redis.call('ZADD', KEYS[2], string.format('%.0f', now + ARGV[3]), ARGV[i])
  has_news = math.max(has_news, added)
end
if has_news == 1 then redis.call('PUBLISH', ARGV[4], '') end
local living = redis.call('ZRANGE', KEYS[2], 0, tonumber(ARGV[5]) - 1)
return {generation, is_new, unpack(living)}
)lua";

constexpr std::string_view kLeaveText = R"lua(
if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then redis.call('PUBLISH', ARGV[2], '') end
return 1
)lua";

}  // namespace

const std::array<std::string_view, kScriptCount>& ScriptTexts() {
  static constexpr std::array<std::string_view, kScriptCount> kTexts{
      kWriteText, kReadText, kSnapshotText, kBeatText, kLeaveText};
  return kTexts;
}

}  // namespace confab::bus
