#include "services/signaling/handlers/producer_handlers.h"

namespace confab::signaling {

namespace pb = media::v1;

void ProducerHandlers::AddTo(EventTable& table) {
  table.Add("produce", [this](Session& s, const json::value& p) { return Produce(s, p); });
  table.Add("closeProducer", [this](Session& s, const json::value& p) { return Close(s, p); });
  table.Add("pauseProducer",
            [this](Session& s, const json::value& p) { return SetFlow(s, p, Flow::kPaused); });
  table.Add("resumeProducer",
            [this](Session& s, const json::value& p) { return SetFlow(s, p, Flow::kRunning); });
}

ProducerHandlers::Reply ProducerHandlers::Produce(Session& session, const json::value& payload) {
  const Result<Place> joined = RequireJoined(session);
  if (!joined) co_return std::unexpected(joined.error());
  Result<ProduceRequest> request = ParseProduce(payload);
  if (!request) co_return std::unexpected(request.error());
  const Place place = *joined;
  const bool is_answered_locally = !request->own_id.empty();
  if (!is_answered_locally) request->own_id = switchboard_.NewMediaId();
  const Producer producer{.own_id = request->own_id,
                          .id = Room::ProducerIdOf(place.participant, request->own_id),
                          .transport_id = request->transport_id,
                          .kind = request->kind,
                          .source = request->source,
                          .paused = request->paused};
  pb::RtpParameters parameters = std::move(request->rtp_parameters);
  const Result<void> made = co_await Make(place, producer, std::move(parameters));
  if (made) co_return json::object({{"id", producer.own_id}});
  // The acknowledgement may be lost with the connection; the numbered event is not. Of a duplicate
  // nothing is said: the first of that id is alive.
  if (is_answered_locally && made.error().code != ErrorCode::kDuplicateId) {
    const json::object error = switchboard_.Refuse(session, "produce", made.error());
    switchboard_.Apply(place.room,
                       place.room->RefuseProducer(place.participant, producer.own_id, error));
  }
  co_return std::unexpected(made.error());
}

asio::awaitable<Result<void>> ProducerHandlers::Make(Place place, const Producer& producer,
                                                     pb::RtpParameters parameters) {
  const Result<void> allowed = place.room->CheckProducer(place.participant, producer);
  if (!allowed) co_return allowed;
  pb::ProduceRequest request;
  request.set_transport_id(producer.transport_id);
  request.set_producer_id(producer.id);
  request.set_kind(std::string(ToString(producer.kind)));
  *request.mutable_rtp_parameters() = std::move(parameters);
  request.set_paused(producer.paused);
  request.set_cname(place.participant.ToString());
  MediaCall call = switchboard_.media(place).Produce(std::move(request));
  const Result<pb::ProduceResponse> made = co_await call.Wait();
  if (!made) co_return std::unexpected(made.error());
  Result<Effects> added = place.room->AddProducer(place.participant, producer);
  if (!added) {
    switchboard_.Apply(place.room, {CloseMedia{.producers = {producer.id}}});
    co_return std::unexpected(added.error());
  }
  switchboard_.log().ProducerAdded(place, producer);
  switchboard_.Apply(place.room, std::move(*added));
  co_return Result<void>();
}

ProducerHandlers::Reply ProducerHandlers::Close(Session& session, const json::value& payload) {
  const Result<Place> joined = RequireJoined(session);
  if (!joined) co_return std::unexpected(joined.error());
  const Result<ProducerRequest> request = ParseProducer(payload);
  if (!request) co_return std::unexpected(request.error());
  const Place place = *joined;
  const Producer* producer =
      place.room->Find(place.participant)->FindProducer(request->producer_id);
  if (producer != nullptr) {
    pb::CloseRequest close;
    close.add_producer_ids(producer->id);
    MediaCall call = switchboard_.media(place).Close(std::move(close));
    // Waited for, so that the id is free when the client hears of it. Where the media service does
    // not answer there is nothing to close.
    co_await call.Wait();
  }
  Result<Effects> removed = place.room->RemoveProducer(place.participant, request->producer_id);
  if (!removed) co_return std::unexpected(removed.error());
  switchboard_.log().ProducerClosed(place,
                                    Room::ProducerIdOf(place.participant, request->producer_id));
  switchboard_.Apply(place.room, std::move(*removed));
  co_return json::object();
}

ProducerHandlers::Reply ProducerHandlers::SetFlow(Session& session, const json::value& payload,
                                                  Flow flow) {
  const Result<Place> joined = RequireJoined(session);
  if (!joined) co_return std::unexpected(joined.error());
  const Result<ProducerRequest> request = ParseProducer(payload);
  if (!request) co_return std::unexpected(request.error());
  const Place place = *joined;
  const Producer* producer =
      place.room->Find(place.participant)->FindProducer(request->producer_id);
  if (producer == nullptr) {
    co_return Fail(ErrorCode::kProducerNotFound, "producerId names no producer of yours");
  }
  pb::MediaIds ids;
  ids.add_producer_ids(producer->id);
  MediaCall call = flow == Flow::kPaused ? switchboard_.media(place).Pause(std::move(ids))
                                         : switchboard_.media(place).Resume(std::move(ids));
  const Result<pb::MediaIdsResponse> done = co_await call.Wait();
  if (!done) co_return std::unexpected(done.error());
  Result<Effects> changed =
      place.room->SetProducerFlow(place.participant, request->producer_id, flow);
  if (!changed) co_return std::unexpected(changed.error());
  switchboard_.Apply(place.room, std::move(*changed));
  co_return json::object();
}

}  // namespace confab::signaling
