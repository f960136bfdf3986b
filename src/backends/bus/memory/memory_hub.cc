#include "backends/bus/memory/memory_hub.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "net/clock.h"

namespace confab::bus {
namespace {

uint64_t UnixMicros() {
  return static_cast<uint64_t>(net::UnixMicrosNow());
}

}  // namespace

void TellLater(const std::shared_ptr<MemoryHub::Subscriber>& subscriber,
               std::function<void(const Ledger::Listener&)> tell) {
  asio::post(*subscriber->io, [weak = std::weak_ptr(subscriber), tell = std::move(tell)] {
    if (const auto to = weak.lock()) tell(to->listener);
  });
}

MemoryRoom& MemoryHub::Open(const std::string& room, uint64_t generation, uint64_t floor) {
  const auto found = rooms_.find(room);
  if (found != rooms_.end() && found->second.generation() == generation) return found->second;
  const uint64_t before = found == rooms_.end() ? 0 : found->second.sequence();
  const uint64_t base = std::max({UnixMicros(), floor, before});
  return rooms_.insert_or_assign(room, MemoryRoom(generation, base)).first->second;
}

Result<Written> MemoryHub::Write(const std::string& room, uint64_t generation, const Draft& draft) {
  const auto found = rooms_.find(room);
  const bool is_there = found != rooms_.end();
  if (generation == 0 || (is_there && found->second.generation() > generation)) {
    return Fail(ErrorCode::kUnavailable,
                "the bus was wiped, and this instance has not heard of it");
  }
  if (is_full_) return Fail(ErrorCode::kLimitExceeded, "the bus is full");
  const bool is_current = is_there && found->second.generation() == generation;
  if (!draft.expected_life.empty() &&
      (!is_current || found->second.life() != draft.expected_life)) {
    return Written{.verdict = Verdict::kOtherLife};
  }
  MemoryRoom& target = Open(room, generation, draft.floor);
  auto written = target.Write(draft);
  target.Touch(net::MonotonicNow());
  if (written && written->verdict == Verdict::kDone) TellNews(room);
  return written;
}

LogRead MemoryHub::Read(const std::string& room, const std::string& life, uint64_t after) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? LogRead() : found->second.Read(life, after);
}

RoomState MemoryHub::Snapshot(const std::string& room) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? RoomState() : found->second.Snapshot();
}

void MemoryHub::Touch(const std::string& room) {
  if (const auto found = rooms_.find(room); found != rooms_.end())
    found->second.Touch(net::MonotonicNow());
}

std::string MemoryHub::Mark(const std::string& room, const std::string& name) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? "" : found->second.Mark(name);
}

Beat MemoryHub::DoBeat(const InstanceName& self, const std::vector<InstanceName>& remote) {
  if (generation_ == 0) generation_ = UnixMicros();
  const Timestamp now = net::MonotonicNow();
  Forget(now);
  const bool is_new = !self.is_nobody() && alive_.insert_or_assign(self, now + times_.ttl).second;
  bool is_remote_new = false;
  for (const InstanceName& name : remote) {
    is_remote_new |= alive_.insert_or_assign(name, now + times_.remote_ttl).second;
  }
  if (is_new || is_remote_new) TellInstances();
  Beat beat{.generation = generation_, .is_new = is_new};
  for (const auto& [name, until] : alive_) {
    if (beat.alive.size() < kMaxInstances) beat.alive.push_back(name);
  }
  return beat;
}

void MemoryHub::Forget(Timestamp now) {
  std::erase_if(alive_, [&](const auto& each) { return each.second <= now; });
  std::erase_if(rooms_,
                [&](const auto& each) { return now - each.second.touched() >= times_.room; });
}

void MemoryHub::Leave(const InstanceName& self) {
  if (alive_.erase(self) > 0) TellInstances();
}

size_t MemoryHub::Publish(const std::string& channel, const std::string& bytes) {
  size_t heard = 0;
  for (const auto& each : subscribers_) {
    const auto subscriber = each.lock();
    if (!subscriber || !subscriber->channels.contains(channel)) continue;
    ++heard;
    TellLater(subscriber, [channel, bytes](const Ledger::Listener& listener) {
      listener.on_message(channel, bytes);
    });
  }
  return heard;
}

void MemoryHub::Add(const std::shared_ptr<Subscriber>& subscriber) {
  std::erase_if(subscribers_, [](const auto& each) { return each.expired(); });
  subscribers_.push_back(subscriber);
}

void MemoryHub::TellNews(const std::string& room) {
  for (const auto& each : subscribers_) {
    const auto subscriber = each.lock();
    if (!subscriber || !(subscriber->wants_all || subscriber->rooms.contains(room))) continue;
    TellLater(subscriber, [room](const Ledger::Listener& listener) { listener.on_news(room); });
  }
}

void MemoryHub::TellInstances() {
  for (const auto& each : subscribers_) {
    if (const auto subscriber = each.lock()) {
      TellLater(subscriber, [](const Ledger::Listener& listener) { listener.on_instances(); });
    }
  }
}

std::vector<std::string> MemoryHub::rooms() const {
  std::vector<std::string> names;
  for (const auto& [name, room] : rooms_) names.push_back(name);
  return names;
}

void MemoryHub::Wipe() {
  rooms_.clear();
  alive_.clear();
  generation_ = 0;
}

void MemoryHub::Expire(const InstanceName& name) {
  if (alive_.erase(name) > 0) TellInstances();
}

}  // namespace confab::bus
