#include "sfu/router.h"

#include <fmt/format.h>

#include "sfu/parameters/consumer_parameters.h"
#include "sfu/parameters/plain_capabilities.h"

namespace confab::sfu {
namespace {

template <typename Map>
auto Find(const Map& map, std::string_view id) {
  return map.find(std::string(id));
}

}  // namespace

Result<void> Router::CheckNew(const std::string& transport_id) const {
  if (transports_.size() >= kMaxTransports) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("a room takes {} transports at most", kMaxTransports));
  }
  if (transports_.contains(transport_id)) {
    return Fail(ErrorCode::kDuplicateId, fmt::format("transport {} exists already", transport_id));
  }
  return {};
}

Transport* Router::Keep(std::unique_ptr<Transport> transport) {
  std::string id = transport->id();
  return transports_.emplace(std::move(id), std::move(transport)).first->second.get();
}

Result<Transport*> Router::AddTransport(Timestamp now, TransportOptions options,
                                        WorkerContext& context) {
  if (auto checked = CheckNew(options.id); !checked) return std::unexpected(checked.error());
  return Keep(std::make_unique<Transport>(now, std::move(options), context, speakers_));
}

Result<Transport*> Router::AddPlainTransport(Timestamp now, TransportOptions options,
                                             PlainTransportOptions plain, WorkerContext& context) {
  if (auto checked = CheckNew(options.id); !checked) return std::unexpected(checked.error());
  return Keep(std::make_unique<Transport>(now, std::move(options), plain, context, speakers_));
}

ClosedEntities Router::RemoveTransport(Transport& transport) {
  ClosedEntities closed;
  while (!transport.producers().empty()) {
    Producer& producer = *transport.producers().back();
    closed.producers.push_back(producer.id());
    ClosedEntities with_it = CloseProducer(producer);
    std::ranges::move(with_it.consumers, std::back_inserter(closed.consumers));
  }
  while (!transport.consumers().empty()) {
    closed.consumers.push_back(transport.consumers().back()->id());
    CloseConsumer(*transport.consumers().back());
  }
  transports_.erase(transport.id());
  return closed;
}

Result<Transport*> Router::FindTransport(std::string_view id) const {
  const auto found = Find(transports_, id);
  if (found != transports_.end()) return found->second.get();
  return Fail(ErrorCode::kTransportNotFound, fmt::format("there is no transport {}", id));
}

Result<Producer*> Router::FindProducer(std::string_view id) const {
  const auto found = Find(producers_, id);
  if (found != producers_.end()) return found->second;
  return Fail(ErrorCode::kProducerNotFound, fmt::format("there is no producer {}", id));
}

Result<Consumer*> Router::FindConsumer(std::string_view id) const {
  const auto found = Find(consumers_, id);
  if (found != consumers_.end()) return found->second;
  return Fail(ErrorCode::kConsumerNotFound, fmt::format("there is no consumer {}", id));
}

Result<Producer*> Router::Produce(Timestamp now, std::string_view transport_id,
                                  ProducerOptions options) {
  const auto transport = FindTransport(transport_id);
  if (!transport) return std::unexpected(transport.error());
  if (producers_.contains(options.id)) {
    return Fail(ErrorCode::kDuplicateId, fmt::format("producer {} exists already", options.id));
  }
  auto producer = (*transport)->AddProducer(now, std::move(options));
  if (!producer) return producer;
  Producer& added = **producer;
  added.key = next_key_++;
  producers_.emplace(added.id(), &added);
  // Beyond the observer's limit a producer is heard, but not shown as speaking until another goes.
  if (!added.is_video() && !added.paused()) (void)speakers_.Add(added.key);
  return producer;
}

Result<Consumer*> Router::Consume(Timestamp now, std::string_view transport_id,
                                  ConsumeOptions options, const RtpCapabilities* capabilities) {
  const auto transport = FindTransport(transport_id);
  if (!transport) return std::unexpected(transport.error());
  const auto producer = FindProducer(options.producer_id);
  if (!producer) return std::unexpected(producer.error());
  if (consumers_.contains(options.consumer_id)) {
    return Fail(ErrorCode::kDuplicateId,
                fmt::format("consumer {} exists already", options.consumer_id));
  }
  if (capabilities == nullptr && (*transport)->capabilities()) {
    capabilities = &*(*transport)->capabilities();
  }
  if (capabilities == nullptr && (*transport)->is_plain()) capabilities = &PlainRtpCapabilities();
  if (capabilities == nullptr) {
    return Fail(ErrorCode::kInvalidMessage, "rtpCapabilities are missing: a consumer needs them");
  }
  auto consumer = (*transport)
                      ->AddConsumer(now, std::move(options.consumer_id), **producer, *capabilities,
                                    options.paused);
  if (consumer) consumers_.emplace((*consumer)->id(), *consumer);
  return consumer;
}

ClosedEntities Router::CloseProducer(Producer& producer) {
  ClosedEntities closed;
  closed.producers.push_back(producer.id());
  while (!producer.consumers().empty()) {
    closed.consumers.push_back(producer.consumers().back()->id());
    CloseConsumer(*producer.consumers().back());
  }
  producers_.erase(producer.id());
  StopWatching(producer);
  producer.transport().RemoveProducer(producer);
  return closed;
}

void Router::CloseConsumer(Consumer& consumer) {
  consumers_.erase(consumer.id());
  consumer.transport().RemoveConsumer(consumer);
}

const Producer* Router::FindProducer(ProducerKey key) const {
  for (const auto& [id, producer] : producers_) {
    if (producer->key == key) return producer;
  }
  return nullptr;
}

void Router::PauseProducer(Producer& producer) {
  producer.set_paused(true);
  StopWatching(producer);
}

// Its place goes to one that found none.
void Router::StopWatching(const Producer& producer) {
  const bool was_full = speakers_.is_full();
  speakers_.Remove(producer.key);
  if (!was_full) return;
  for (const auto& [id, other] : producers_) {
    if (speakers_.is_full()) return;
    if (!other->is_video() && !other->paused()) (void)speakers_.Add(other->key);
  }
}

void Router::ResumeProducer(Timestamp now, Producer& producer) {
  if (!producer.paused()) return;
  producer.set_paused(false);
  for (ProducerStream& stream : producer.streams()) stream.Resume();
  if (!producer.is_video()) (void)speakers_.Add(producer.key);
  for (Consumer* consumer : producer.consumers()) {
    consumer->transport().UpdateFlow(now, *consumer);
  }
}

void Router::PauseConsumer(Timestamp now, Consumer& consumer) {
  consumer.set_paused(true);
  consumer.transport().UpdateFlow(now, consumer);
}

void Router::ResumeConsumer(Timestamp now, Consumer& consumer) {
  if (!consumer.paused()) return;
  consumer.set_paused(false);
  consumer.transport().UpdateFlow(now, consumer);
}

}  // namespace confab::sfu
