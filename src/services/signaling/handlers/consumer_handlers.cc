#include "services/signaling/handlers/consumer_handlers.h"

#include <utility>

#include "services/signaling/media/media_status.h"
#include "services/signaling/protocol/rtp_writer.h"
#include "services/signaling/room/room_json.h"

namespace confab::signaling {

namespace pb = media::v1;

void ConsumerHandlers::AddTo(EventTable& table) {
  const auto add_many = [&](std::string_view name, ConsumerWish wish) {
    table.Add(name,
              [this, wish](Session& s, const json::value& p) { return ApplyToMany(s, p, wish); });
  };
  const auto add_one = [&](std::string_view name, ConsumerWish wish) {
    table.Add(name,
              [this, wish](Session& s, const json::value& p) { return ApplyToOne(s, p, wish); });
  };
  add_many("consumersReady", ConsumerWish::kReady);
  add_many("pauseConsumers", ConsumerWish::kPause);
  add_many("resumeConsumers", ConsumerWish::kResume);
  add_one("pauseConsumer", ConsumerWish::kPause);
  add_one("resumeConsumer", ConsumerWish::kReady);
  table.Add("consume", [this](Session& s, const json::value& p) { return Consume(s, p); });
  table.AddPlain("closeConsumer", [this](Session& s, const json::value& p) { return Close(s, p); });
}

ConsumerHandlers::Reply ConsumerHandlers::ApplyToMany(Session& session, const json::value& payload,
                                                      ConsumerWish wish) {
  const Result<Place> place = RequireJoined(session);
  if (!place) co_return std::unexpected(place.error());
  Result<ConsumersRequest> request = ParseConsumers(payload);
  if (!request) co_return std::unexpected(request.error());
  std::vector<MediaId> ids = std::move(request->consumer_ids);
  const Result<void> done = co_await flow_.Apply(*place, std::move(ids), wish);
  if (!done) co_return std::unexpected(done.error());
  co_return json::object();
}

ConsumerHandlers::Reply ConsumerHandlers::ApplyToOne(Session& session, const json::value& payload,
                                                     ConsumerWish wish) {
  const Result<Place> place = RequireJoined(session);
  if (!place) co_return std::unexpected(place.error());
  const Result<ConsumerRequest> request = ParseConsumer(payload);
  if (!request) co_return std::unexpected(request.error());
  std::vector<MediaId> ids{request->consumer_id};
  const Result<void> done = co_await flow_.Apply(*place, std::move(ids), wish);
  if (!done) co_return std::unexpected(done.error());
  co_return json::object();
}

ConsumerHandlers::Reply ConsumerHandlers::Consume(Session& session, const json::value& payload) {
  const Result<Place> joined = RequireJoined(session);
  if (!joined) co_return std::unexpected(joined.error());
  const Result<ConsumeRequest> request = ParseConsume(payload);
  if (!request) co_return std::unexpected(request.error());
  const Place& place = *joined;
  const Result<MediaId> made = co_await Make(place, *request);
  if (!made) co_return std::unexpected(made.error());
  Participant* receiver = place.room->Find(place.participant);
  const Consumer* consumer = receiver == nullptr ? nullptr : receiver->FindConsumer(*made);
  const Producer* producer = place.room->FindProducer(request->producer_id).producer;
  if (consumer == nullptr || producer == nullptr) {
    co_return Fail(ErrorCode::kProducerNotFound, "the producer was closed meanwhile");
  }
  co_return ConsumerJson(*consumer, *producer);
}

asio::awaitable<Result<MediaId>> ConsumerHandlers::Make(Place place,
                                                        const ConsumeRequest& request) {
  Participant& receiver = *place.room->Find(place.participant);
  const Transport* transport = request.transport_id.empty()
                                   ? std::as_const(receiver).FindTransport(Direction::kRecv)
                                   : receiver.FindTransport(request.transport_id);
  if (transport == nullptr || transport->direction == Direction::kSend) {
    co_return Fail(ErrorCode::kTransportNotFound,
                   "transportId names no transport of yours that receives");
  }
  const auto [owner, producer] = place.room->FindProducer(request.producer_id);
  if (producer == nullptr || owner->id == place.participant) {
    co_return Fail(ErrorCode::kProducerNotFound, "producerId names no producer of someone else");
  }
  if (receiver.consumers.size() >= kMaxConsumersPerParticipant) {
    co_return Fail(ErrorCode::kLimitExceeded, "you have as many consumers as you may");
  }
  Consumer consumer{.id = switchboard_.NewMediaId(),
                    .producer_id = producer->id,
                    .owner = owner->id,
                    .transport_id = transport->id,
                    .kind = producer->kind,
                    .source = producer->source,
                    .ready = !request.paused};
  pb::ConsumeRequest consume;
  consume.set_transport_id(consumer.transport_id);
  *consume.mutable_rtp_capabilities() = request.rtp_capabilities;
  pb::ConsumeItem& item = *consume.add_items();
  item.set_consumer_id(consumer.id);
  item.set_producer_id(consumer.producer_id);
  item.set_paused(request.paused);
  MediaCall call = switchboard_.media(place).Consume(std::move(consume));
  const Result<pb::ConsumeResponse> response = co_await call.Wait();
  if (!response) co_return std::unexpected(response.error());
  if (response->results_size() != 1) {
    co_return Fail(ErrorCode::kInternal, "the media service answered without a result");
  }
  const pb::ConsumeResult& result = response->results(0);
  if (!result.error().empty()) co_return std::unexpected(ParseMediaError(result.error()));
  consumer.type = result.type();
  consumer.rtp_parameters = ToJson(result.rtp_parameters());
  const MediaId id = consumer.id;
  std::vector<Consumer> consumers;
  consumers.push_back(std::move(consumer));
  switchboard_.Apply(place.room, place.room->AddConsumers(place.participant, std::move(consumers),
                                                          Delivery::kAsked));
  co_return id;
}

Result<json::value> ConsumerHandlers::Close(Session& session, const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) return std::unexpected(place.error());
  const Result<ConsumerRequest> request = ParseConsumer(payload);
  if (!request) return std::unexpected(request.error());
  Result<Effects> removed = place->room->RemoveConsumer(place->participant, request->consumer_id);
  if (!removed) return std::unexpected(removed.error());
  switchboard_.Apply(place->room, std::move(*removed));
  return json::object();
}

}  // namespace confab::signaling
