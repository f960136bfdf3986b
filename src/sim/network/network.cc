#include "sim/network/network.h"

#include <algorithm>

#include "base/check.h"
#include "sim/run/seed.h"

namespace confab::sim {

uint32_t Network::AddHost(const LinkOptions& up, const LinkOptions& down) {
  const auto host = static_cast<uint32_t>(hosts_.size());
  hosts_.push_back({{Link(up, RandomFor(seed_, Purpose::kLink, uint64_t{host} * 2)),
                     Link(down, RandomFor(seed_, Purpose::kLink, uint64_t{host} * 2 + 1))}});
  return host;
}

void Network::Bind(const SocketAddress& client, uint32_t host) {
  const auto at = std::ranges::lower_bound(bindings_, client, {}, &Binding::client);
  CHECK(at == bindings_.end() || at->client != client);
  bindings_.insert(at, {client, host});
}

void Network::Unbind(const SocketAddress& client) {
  std::erase_if(bindings_, [&client](const Binding& b) { return b.client == client; });
}

void Network::SendUp(Timestamp now, uint32_t host, const SocketAddress& client, BytesView bytes) {
  Send(now, Direction::kUp, host, client, bytes);
}

void Network::SendDown(Timestamp now, const SocketAddress& client, BytesView bytes) {
  const auto at = std::ranges::lower_bound(bindings_, client, {}, &Binding::client);
  if (at == bindings_.end() || at->client != client) return;
  Send(now, Direction::kDown, at->host, client, bytes);
}

void Network::Send(Timestamp now, Direction direction, uint32_t host, const SocketAddress& client,
                   BytesView bytes) {
  ++datagrams_;
  bytes_ += bytes.size();
  digest_.Add(static_cast<uint64_t>(now.us()));
  digest_.Add(uint64_t{host} << 17 | uint64_t{client.port()} << 1 |
              static_cast<uint64_t>(direction));
  digest_.Add(bytes);
  const Deliveries deliveries = link(host, direction).Send(now, bytes.size());
  for (size_t i = 0; i < deliveries.count; ++i) {
    arrivals_.Add(deliveries.at[i], {.direction = direction,
                                     .size = static_cast<uint16_t>(bytes.size()),
                                     .host = host,
                                     .buffer = Keep(bytes),
                                     .client = client});
  }
}

uint32_t Network::Keep(BytesView bytes) {
  CHECK(bytes.size() <= sizeof(Buffer));
  if (free_.empty()) {
    free_.push_back(static_cast<uint32_t>(buffers_.size()));
    buffers_.push_back(std::make_unique<Buffer>());
  }
  const uint32_t index = free_.back();
  free_.pop_back();
  std::ranges::copy(bytes, buffers_[index]->begin());
  return index;
}

Arrived Network::Take() {
  if (taken_) free_.push_back(*taken_);
  const InFlight in_flight = arrivals_.Take();
  taken_ = in_flight.buffer;
  return {.direction = in_flight.direction,
          .host = in_flight.host,
          .client = in_flight.client,
          .bytes = BytesView(*buffers_[in_flight.buffer]).first(in_flight.size)};
}

LinkCounters Network::counters(Direction direction) const {
  LinkCounters sum;
  for (const Host& host : hosts_) sum += host.links[static_cast<size_t>(direction)].counters();
  return sum;
}

}  // namespace confab::sim
