#include "sim/invariant/flowing.h"

#include <fmt/format.h>

#include <algorithm>

namespace confab::sim {

void Flowing::EverySecond(Timestamp now) {
  for (const ConsumerEntry& consumer : world_.ledger.consumers()) CheckConsumer(now, consumer);
  for (const TransportEntry& transport : world_.ledger.transports()) {
    if (!transport.is_open() || transport.told_connected) continue;
    const Timestamp since = clients_.WaitsSince(transport.participant);
    if (since.is_never() || now - std::max(since, transport.opened_at) < kConnectGrace) continue;
    Break(fmt::format("{} has not connected within {} s", transport.id,
                      kConnectGrace.us() / 1'000'000));
  }
}

void Flowing::CheckConsumer(Timestamp now, const ConsumerEntry& consumer) {
  if (!consumer.may_flow()) return;
  const Timestamp from = clients_.CalmSince(consumer.producer->participant);
  const Timestamp to = clients_.CalmSince(consumer.transport->participant);
  if (from.is_never() || to.is_never()) return;
  const Timestamp since =
      std::max({from, to, consumer.last_change(), clients_.LastProgress(consumer)});
  if (now - since < kGrace) return;
  Break(fmt::format("{} has shown nothing new since {} ms, though nothing stood in the way",
                    consumer.id, clients_.LastProgress(consumer).ms()));
}

}  // namespace confab::sim
