#include "sim/run/ledger.h"

namespace confab::sim {
namespace {

template <typename Entries>
auto FindById(Entries& entries, std::string_view id) {
  const auto found = std::ranges::find_if(entries, [id](const auto& e) { return e.id == id; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

TransportEntry& Ledger::AddTransport(TransportEntry entry, const SocketAddress& address) {
  TransportEntry& added = transports_.emplace_back(std::move(entry));
  by_address_[address] = &added;
  return added;
}

ProducerEntry& Ledger::AddProducer(ProducerEntry entry) {
  return producers_.emplace_back(std::move(entry));
}

ConsumerEntry& Ledger::AddConsumer(ConsumerEntry entry) {
  ConsumerEntry& added = consumers_.emplace_back(std::move(entry));
  by_ssrc_[{added.transport, added.ssrc}] = &added;
  if (added.rtx_ssrc) by_ssrc_[{added.transport, *added.rtx_ssrc}] = &added;
  return added;
}

void Ledger::CloseTransport(Timestamp now, TransportEntry& transport) {
  if (!transport.is_open()) return;
  transport.closed_at = now;
  transport.session = nullptr;
  for (ConsumerEntry& consumer : consumers_) {
    if (consumer.transport != &transport || !consumer.open) continue;
    consumer.open = false;
    consumer.changed_at = now;
  }
}

void Ledger::CloseProducer(Timestamp now, ProducerEntry& producer) {
  if (!producer.open) return;
  producer.open = false;
  producer.changed_at = now;
  for (ConsumerEntry& consumer : consumers_) {
    if (consumer.producer != &producer || !consumer.open) continue;
    consumer.open = false;
    consumer.changed_at = now;
  }
}

TransportEntry* Ledger::TransportAt(const SocketAddress& address) const {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? nullptr : found->second;
}

TransportEntry* Ledger::FindTransport(std::string_view id) {
  return FindById(transports_, id);
}

const TransportEntry* Ledger::FindTransport(std::string_view id) const {
  return FindById(transports_, id);
}

ProducerEntry* Ledger::FindProducer(std::string_view id) {
  return FindById(producers_, id);
}

const ProducerEntry* Ledger::FindProducer(std::string_view id) const {
  return FindById(producers_, id);
}

ConsumerEntry* Ledger::FindConsumer(const TransportEntry& transport, rtc::Ssrc ssrc) const {
  const auto found = by_ssrc_.find({&transport, ssrc});
  return found == by_ssrc_.end() ? nullptr : found->second;
}

}  // namespace confab::sim
