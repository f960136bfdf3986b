#include "sim/invariant/within_limits.h"

#include <fmt/format.h>

#include <algorithm>

#include "sfu/early_buffer.h"
#include "sfu/packet_cache.h"

namespace confab::sim {
namespace {

// A cache is cleared of what is older than kMaxAge every kSweepInterval, from its oldest number on:
// one that came late by retransmission holds back what follows it. Longer than both, so that what
// is kept for ever is told from what stays behind (NothingStays). The second that is under way and
// the granularity of timers come on top.
constexpr size_t kWaiting = 256;  // what comes in the longest turn of a scenario
constexpr TimeDelta kKept = sfu::PacketCache::kMaxAge * 3 + TimeDelta::Seconds(1);

}  // namespace

// The batch that was sealed last holds its packets until the next one; others wait for the server's
// next turn.
size_t WithinLimits::Allowed() const {
  size_t slots = rtc::SealBatch::kMaxPackets + kWaiting;
  for (const ProducerEntry& producer : world_.ledger.producers()) {
    if (producer.open && producer.kind == rtc::MediaKind::kVideo) {
      slots += sfu::PacketCache::kMaxPackets;
    }
  }
  size_t early = 0;
  for (const TransportEntry& transport : world_.ledger.transports()) {
    if (transport.is_open()) early += sfu::EarlyBuffer::kMaxPackets;
  }
  // An early buffer looks at the age of what it holds only when more comes.
  uint64_t recent = arrived_ + early;
  for (const Second& second : arrived_in_) recent += second.arrived;
  return std::min(slots + early, static_cast<size_t>(recent));
}

void WithinLimits::AtStepEnd(Timestamp) {
  const size_t in_use = world_.worker.packets_in_use();
  if (in_use <= arrived_) return;  // the common case, quickly
  if (const size_t allowed = Allowed(); in_use > allowed) {
    Break(fmt::format("the server holds {} packets; its caches may hold {}", in_use, allowed));
  }
}

void WithinLimits::EverySecond(Timestamp now) {
  arrived_in_.push_back({now, arrived_});
  arrived_ = 0;
  while (now - arrived_in_.front().until > kKept) arrived_in_.pop_front();
  for (const TransportEntry& transport : world_.ledger.transports()) {
    if (transport.session != nullptr) {
      CheckDrops(transport.session->counters().drops, transport.id);
    }
  }
  CheckClosed();
}

void WithinLimits::AtEnd(Timestamp) {
  CheckClosed();
}

// Sessions that have ended since the last look.
void WithinLimits::CheckClosed() {
  CheckDrops(world_.worker.counters().closed_sessions.drops, "a transport that is closed");
}

void WithinLimits::CheckDrops(const rtc::DropCounters& drops, std::string_view whose) {
  if (drops[rtc::DropReason::kQueueFull] > 0) {
    Break(fmt::format("the sending queue of {} was full", whose));
  }
  if (drops[rtc::DropReason::kAlreadySealed] > 0) {
    Break(fmt::format("{} was stopped from sealing an index twice", whose));
  }
}

}  // namespace confab::sim
