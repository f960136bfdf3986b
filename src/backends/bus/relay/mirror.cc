#include "backends/bus/relay/mirror.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <charconv>
#include <utility>

#include "backends/bus/message.h"
#include "net/clock.h"

namespace confab::bus {
namespace {

asio::awaitable<void> Pause(TimeDelta delta) {
  asio::steady_timer timer(co_await asio::this_coro::executor, ToChrono(delta));
  error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

Draft DraftOf(const LogEntry& entry) {
  Draft draft{.kind = entry.kind,
              .origin = entry.origin,
              .number = entry.number,
              .previous = entry.previous,
              .remove = entry.removed,
              .event = entry.event};
  for (const FieldValue& field : entry.set) {
    draft.set.push_back({.key = field.key, .value = field.value, .owner = entry.origin});
  }
  return draft;
}

}  // namespace

Mirror::Mirror(asio::io_context& io, Side source, Side target, const Times& times)
    : io_(io),
      source_(std::move(source)),
      target_(std::move(target)),
      times_(times),
      rooms_(kMaxRelayedRooms, times.relay_memory),
      beat_now_(io.get_executor()) {}

void Mirror::Start() {
  asio::co_spawn(io_, Run(shared_from_this()), asio::detached);
}

void Mirror::Stop() {
  is_stopped_ = true;
  beat_now_.Set();
}

asio::awaitable<void> Mirror::Run(Self self) {
  TimeDelta pause = self->times_.first_back_off;
  while (!self->is_stopped_) {
    self->beat_now_.Reset();
    const auto beaten = co_await DoBeat(self);
    if (self->is_stopped_) break;
    self->is_up_ = beaten.has_value();
    self->reason_ = beaten ? "" : beaten.error().message;
    if (beaten) {
      pause = self->times_.first_back_off;
      co_await self->beat_now_.Wait(self->times_.beat);
    } else {
      co_await self->beat_now_.Wait(pause);
      pause = std::min(pause * 2, self->times_.most_back_off);
    }
  }
}

asio::awaitable<Result<void>> Mirror::DoBeat(Self self) {
  std::vector<InstanceName> none;
  const auto source = co_await self->source_.ledger->DoBeat(InstanceName(), std::move(none));
  if (!source) co_return std::unexpected(source.error());
  auto ours = self->OfRegion(source->alive, self->source_.region);
  std::vector<InstanceName> told(ours.begin(), ours.end());
  const auto target = co_await self->target_.ledger->DoBeat(InstanceName(), std::move(told));
  if (!target) co_return std::unexpected(target.error());
  if (self->is_stopped_) co_return Result<void>();
  // Whoever said goodbye there is not to be waited for here.
  const auto before = std::exchange(self->mirrored_, ours);
  for (const InstanceName& name : before) {
    if (ours.contains(name)) continue;
    const auto left = co_await self->target_.ledger->Leave(name);
    if (!left) co_return left;
  }
  self->ListenFor(target->alive);
  const bool is_first = self->target_generation_ == 0;
  const bool is_wiped = !is_first && self->target_generation_ != target->generation;
  self->target_generation_ = target->generation;
  if (is_first) self->source_.ledger->SubscribeAll();
  if (is_wiped) self->BeginAnew();
  co_return Result<void>();
}

std::set<InstanceName> Mirror::OfRegion(const std::vector<InstanceName>& all,
                                        const std::string& region) const {
  std::set<InstanceName> found;
  for (const InstanceName& name : all) {
    if (name.region() == region) found.insert(name);
  }
  return found;
}

void Mirror::ListenFor(const std::vector<InstanceName>& theirs) {
  const auto wanted = OfRegion(theirs, target_.region);
  for (const InstanceName& name : wanted) {
    if (!listened_for_.contains(name)) source_.ledger->SubscribeChannel(MessageChannel(name));
  }
  for (const InstanceName& name : listened_for_) {
    if (!wanted.contains(name)) source_.ledger->UnsubscribeChannel(MessageChannel(name));
  }
  listened_for_ = wanted;
}

void Mirror::TakeMessage(const std::string& channel, const std::string& bytes) {
  asio::co_spawn(io_, PassOn(shared_from_this(), channel, bytes), asio::detached);
}

asio::awaitable<void> Mirror::PassOn(Self self, std::string channel, std::string bytes) {
  // At most once: a failure is the end of it.
  const auto heard = co_await self->target_.ledger->Publish(std::move(channel), std::move(bytes));
  (void)heard;
}

// The target lost everything: the end of each log is relayed again for followers who had not read
// it, and then the state. Of rooms that were forgotten the source tells: they begin without a mark.
void Mirror::BeginAnew() {
  for (const auto& [name, room] : rooms_.all()) {
    room->sequence -= std::min(room->sequence, kRelayedAgainEntries);
    room->must_restate = true;
    Wake(room);
  }
  source_.ledger->SubscribeAll();
}

void Mirror::TakeNews(const std::string& name) {
  if (is_stopped_) return;
  const RoomPtr room = rooms_.Open(name, net::MonotonicNow());
  if (room) {
    Wake(room);
  } else {
    ++left_out_;
  }
}

void Mirror::Wake(const RoomPtr& room) {
  room->has_news = true;
  if (room->is_working || is_stopped_) return;
  rooms_.BeginWork(*room);
  asio::co_spawn(io_, Work(shared_from_this(), room), asio::detached);
}

asio::awaitable<void> Mirror::Work(Self self, RoomPtr room) {
  TimeDelta pause = self->times_.first_back_off;
  while (room->has_news && !self->is_stopped_) {
    room->has_news = false;
    const auto done = co_await CatchUp(self, room);
    if (self->is_stopped_) break;
    if (done) {
      pause = self->times_.first_back_off;
      continue;
    }
    room->has_news = true;
    co_await Pause(pause);
    pause = std::min(pause * 2, self->times_.most_back_off);
  }
  self->rooms_.EndWork(room, net::MonotonicNow());
}

asio::awaitable<Result<void>> Mirror::CatchUp(Self self, RoomPtr room) {
  if (!room->is_known) {
    const auto found = co_await FindMark(self, room);
    if (!found) co_return found;
  }
  const auto read = co_await self->source_.ledger->Read(room->name, room->life, room->sequence);
  if (!read) co_return std::unexpected(read.error());
  if (read->life.empty()) co_return Result<void>();
  if (read->life != room->life) {
    room->life = read->life;
    room->sequence = read->base;
  }
  // What fell out of the log is told by the state alone: its followers notice by the numbers.
  const uint64_t first = read->entries.empty() ? read->sequence + 1 : read->entries[0].sequence;
  if (first > room->sequence + 1) room->must_restate = true;
  for (const LogEntry& entry : read->entries) {
    const auto applied = co_await Apply(self, room, entry);
    if (!applied) co_return applied;
  }
  if (room->sequence < read->sequence && !read->entries.empty()) {
    room->has_news = true;
    co_return Result<void>();
  }
  room->sequence = std::max(room->sequence, read->sequence);
  if (room->must_restate) co_return co_await Restate(self, room);
  co_return Result<void>();
}

asio::awaitable<Result<void>> Mirror::FindMark(Self self, RoomPtr room) {
  const auto mark = co_await self->target_.ledger->Mark(room->name, self->source_.region);
  if (!mark) co_return std::unexpected(mark.error());
  // "LIFE SEQUENCE".
  const size_t space = mark->find(' ');
  if (space != mark->npos) {
    room->life = mark->substr(0, space);
    std::from_chars(mark->data() + space + 1, mark->data() + mark->size(), room->sequence);
  }
  room->is_known = true;
  co_return Result<void>();
}

Draft Mirror::WithMark(Draft draft, const Room& room) const {
  draft.mark_name = source_.region;
  draft.mark = room.life + ' ' + std::to_string(room.sequence);
  return draft;
}

asio::awaitable<Result<void>> Mirror::Apply(Self self, RoomPtr room, LogEntry entry) {
  room->sequence = std::max(room->sequence, entry.sequence);
  const bool is_ours =
      entry.kind != EntryKind::kBroken && entry.origin.region() == self->source_.region;
  if (!is_ours) co_return Result<void>();
  Draft draft = self->WithMark(DraftOf(entry), *room);
  const auto written = co_await self->target_.ledger->Write(room->name, std::move(draft));
  if (written && written->verdict == Verdict::kDone) ++self->relayed_;
  if (written) co_return Result<void>();
  room->sequence = entry.sequence - 1;  // once more, then
  co_return std::unexpected(written.error());
}

// Everything that the source's instances have in the room, whatever the target knows of it.
asio::awaitable<Result<void>> Mirror::Restate(Self self, RoomPtr room) {
  const auto state = co_await self->source_.ledger->Snapshot(room->name);
  if (!state) co_return std::unexpected(state.error());
  // Its numbers must not be ahead of what was relayed, or that would be taken for done.
  if (state->position.life != room->life || state->position.sequence != room->sequence) {
    room->has_news = true;
    co_return Result<void>();
  }
  for (const auto& [origin, number] : state->position.numbers) {
    if (origin.region() != self->source_.region || number == 0) continue;
    Draft draft{.kind = EntryKind::kRestated,
                .origin = origin,
                .number = number,
                // Who has not seen everything before it has missed something.
                .previous = number};
    for (const OwnedField& field : state->fields) {
      if (field.owner != origin) continue;
      draft.set.push_back({.key = field.key, .value = field.value, .owner = origin});
    }
    draft = self->WithMark(std::move(draft), *room);
    const auto written = co_await self->target_.ledger->Write(room->name, std::move(draft));
    if (!written) co_return std::unexpected(written.error());
  }
  room->must_restate = false;
  co_return Result<void>();
}

}  // namespace confab::bus
