#include "backends/bus/publisher.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "net/clock.h"

namespace confab::bus {

Publisher::Publisher(std::shared_ptr<BusContext> context, std::shared_ptr<RoomReaders> readers)
    : context_(std::move(context)),
      readers_(std::move(readers)),
      idle_(context_->io.get_executor()),
      touched_(net::MonotonicNow()) {
  idle_.Set();
}

asio::awaitable<Result<uint64_t>> Publisher::Refused(Error error) {
  co_return std::unexpected(std::move(error));
}

asio::awaitable<Result<uint64_t>> Publisher::Change(std::string room, RoomChange change,
                                                    Patience patience) {
  if (const auto fits = CheckChange(room, change); !fits) return Refused(fits.error());
  const size_t limit = patience == Patience::kKeep ? kMaxPendingKept : kMaxPendingChanges;
  if (pending_ >= limit) {
    return Refused({ErrorCode::kLimitExceeded,
                    "too many changes wait for the bus already: try again when it answers"});
  }
  const auto found = Find(room);
  if (!found) return Refused(found.error());
  auto pending =
      std::make_shared<PendingChange>(context_->io.get_executor(), std::move(change), patience);
  ++pending_;
  idle_.Reset();
  (*found)->outbox.Add(pending);
  Wake(*found);
  return AwaitSettled(shared_from_this(), *found, std::move(pending));
}

Result<Publisher::RoomPtr> Publisher::Find(const std::string& room) {
  if (context_->is_stopped) {
    return Fail(ErrorCode::kShuttingDown, "the bus is shut down: nothing is changed any more");
  }
  if (const auto found = rooms_.find(room); found != rooms_.end()) return found->second;
  if (rooms_.size() >= kMaxRooms) {
    return Fail(ErrorCode::kLimitExceeded,
                "this instance has too many rooms on the bus: use another instance");
  }
  return rooms_.emplace(room, std::make_shared<Room>(room, context_->self)).first->second;
}

asio::awaitable<Result<uint64_t>> Publisher::AwaitSettled(std::shared_ptr<Publisher> self,
                                                          RoomPtr room, PendingPtr pending) {
  const bool has_deadline = pending->patience == Patience::kUntilDeadline;
  co_await pending->settled.Wait(has_deadline ? self->context_->times.change
                                              : TimeDelta::Infinite());
  if (pending->settled.is_set()) co_return pending->result;
  // What was written already cannot be taken back; the outbox undoes it.
  if (!room->outbox.Withdraw(*pending)) pending->is_abandoned = true;
  self->Unpend();
  co_return Fail(ErrorCode::kUnavailable,
                 "the bus did not answer in time, so nothing was changed: try again later");
}

void Publisher::Unpend() {
  if (--pending_ == 0) idle_.Set();
}

void Publisher::Wake(const RoomPtr& room) {
  if (room->is_writing || context_->is_stopped) return;
  room->is_writing = true;
  asio::co_spawn(context_->io, Write(shared_from_this(), room), asio::detached);
}

asio::awaitable<void> Publisher::Write(std::shared_ptr<Publisher> self, RoomPtr room) {
  const auto context = self->context_;
  int failures = 0;
  while (!context->is_stopped) {
    const auto step = room->outbox.Next(self->number_);
    if (!step) break;
    const auto written = co_await context->ledger->Write(room->name, *step);
    if (context->is_stopped) break;
    if (room->outbox.Take(*step, written, net::MonotonicNow())) self->Unpend();
    self->StartOrEndWatch(room);
    if (written) {
      failures = 0;
      // We had not heard yet that the bus was wiped.
      if (written->verdict == Verdict::kOtherLife) context->beat_now.Set();
      continue;
    }
    context->Failed(written.error());
    co_await WaitAfterFailure(context, failures++);
  }
  room->is_writing = false;
}

void Publisher::StartOrEndWatch(const RoomPtr& room) {
  if (!room->outbox.has_fields()) {
    room->watch.reset();
    return;
  }
  if (room->watch || room->is_watching) return;
  room->is_watching = true;
  asio::co_spawn(context_->io, Watch(shared_from_this(), room), asio::detached);
}

asio::awaitable<void> Publisher::Watch(std::shared_ptr<Publisher> self, RoomPtr room) {
  const auto context = self->context_;
  int failures = 0;
  while (!context->is_stopped && room->outbox.has_fields()) {
    auto state = co_await context->ledger->Snapshot(room->name);
    if (context->is_stopped) break;
    if (!state) {
      context->Failed(state.error());
      co_await WaitAfterFailure(context, failures++);
      continue;
    }
    room->outbox.Learn(*state);
    self->FollowOwn(room, std::move(state->position));
    self->Wake(room);
    break;
  }
  room->is_watching = false;
  if (!context->is_stopped) self->StartOrEndWatch(room);
}

void Publisher::FollowOwn(const RoomPtr& room, Position position) {
  Bus::Follower follower;
  follower.on_entry = [weak = weak_from_this(),
                       room_weak = std::weak_ptr(room)](const LogEntry& entry) {
    const auto self = weak.lock();
    const auto own = room_weak.lock();
    if (!self || !own) return;
    own->outbox.Learn(entry);
    self->Wake(own);
  };
  follower.on_reset = [weak = weak_from_this(), room_weak = std::weak_ptr(room)](ResetReason) {
    const auto self = weak.lock();
    const auto own = room_weak.lock();
    if (!self || !own) return;
    own->watch.reset();
    self->StartOrEndWatch(own);
  };
  room->watch = readers_->Follow(room->name, std::move(position), std::move(follower));
}

void Publisher::RestateAll() {
  for (const auto& [name, room] : rooms_) {
    room->outbox.Restate();
    Wake(room);
  }
}

void Publisher::Tidy(Timestamp now) {
  // Only time in which everybody could have read counts.
  const bool is_long_up =
      !context_->up_since.is_never() && now - context_->up_since >= context_->times.recent;
  const Timestamp recent = now - context_->times.recent;
  const Timestamp memory = now - context_->times.memory;
  std::erase_if(rooms_, [&](const auto& each) {
    RoomOutbox& outbox = each.second->outbox;
    if (is_long_up) outbox.Prune(recent);
    return !each.second->is_writing && !each.second->is_watching && outbox.is_forgettable(memory);
  });
  BoundRecent();
  if (now - touched_ < context_->times.room / 4) return;
  touched_ = now;
  asio::co_spawn(context_->io, TouchAll(shared_from_this()), asio::detached);
}

void Publisher::BoundRecent() {
  size_t octets = 0;
  for (const auto& [name, room] : rooms_) octets += room->outbox.recent_octets();
  for (const auto& [name, room] : rooms_) {
    while (octets > kMaxRecentOctets && room->outbox.recent_octets() > 0) {
      octets -= room->outbox.recent_octets();
      room->outbox.DropOldestRecent();
      octets += room->outbox.recent_octets();
    }
  }
}

asio::awaitable<void> Publisher::TouchAll(std::shared_ptr<Publisher> self) {
  const auto context = self->context_;
  std::vector<std::string> names;
  for (const auto& [name, room] : self->rooms_) {
    if (room->outbox.has_fields()) names.push_back(name);
  }
  for (const std::string& name : names) {
    if (context->is_stopped) co_return;
    const auto touched = co_await context->ledger->Touch(name);
    if (!touched) context->Failed(touched.error());  // the next time is well before the end
  }
}

void Publisher::Stop() {
  const Error error{ErrorCode::kShuttingDown, "the bus was shut down before this was published"};
  for (const auto& [name, room] : rooms_) {
    room->outbox.Refuse(error);
    room->watch.reset();
  }
}

asio::awaitable<void> Publisher::WaitUntilIdle(TimeDelta limit) {
  const auto self = shared_from_this();
  co_await self->idle_.Wait(limit);
}

Result<void> CheckChange(const std::string& room, const RoomChange& change) {
  const auto fail = [](const char* what) {
    return Fail(ErrorCode::kInvalidMessage, std::string("the bus does not take ") + what);
  };
  if (!IsRoom(room)) return fail("a room whose name is empty or longer than 128 octets");
  if (change.set.size() + change.remove.size() > kMaxFieldsPerChange) {
    return fail("a change of more than 256 fields: make several");
  }
  if (change.event.size() > kMaxEventOctets) return fail("an event of more than 16 KiB");
  for (const FieldValue& field : change.set) {
    if (field.key.empty() || field.key.size() > kMaxKeyOctets) {
      return fail("a field whose key is empty or longer than 128 octets");
    }
    if (field.value.size() > kMaxValueOctets) return fail("a field of more than 16 KiB");
  }
  for (const std::string& key : change.remove) {
    if (key.empty() || key.size() > kMaxKeyOctets) {
      return fail("a field whose key is empty or longer than 128 octets");
    }
  }
  return {};
}

}  // namespace confab::bus
