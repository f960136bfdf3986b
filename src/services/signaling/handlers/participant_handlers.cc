#include "services/signaling/handlers/participant_handlers.h"

#include <algorithm>

#include "services/signaling/protocol/requests.h"
#include "services/signaling/protocol/rtp_writer.h"
#include "services/signaling/protocol/stats_json.h"

namespace confab::signaling {
namespace {

namespace pb = media::v1;

// Only what is the participant's own, under the ids that it knows.
json::object OwnStats(Participant& participant, const pb::StatsResponse& stats) {
  json::array transports;
  for (const pb::TransportStats& entry : stats.transports()) {
    if (participant.FindTransport(entry.transport_id()) != nullptr) {
      transports.push_back(ToJson(entry));
    }
  }
  json::array producers;
  for (const pb::ProducerStats& entry : stats.producers()) {
    const auto own = std::ranges::find(participant.producers, entry.producer_id(), &Producer::id);
    if (own == participant.producers.end()) continue;
    json::object object = ToJson(entry);
    object["id"] = own->own_id;
    producers.push_back(std::move(object));
  }
  json::array consumers;
  for (const pb::ConsumerStats& entry : stats.consumers()) {
    if (participant.FindConsumer(entry.consumer_id()) != nullptr) {
      consumers.push_back(ToJson(entry));
    }
  }
  return {{"transports", std::move(transports)},
          {"producers", std::move(producers)},
          {"consumers", std::move(consumers)}};
}

}  // namespace

void ParticipantHandlers::AddTo(EventTable& table) {
  table.AddPlain("getRouterRtpCapabilities",
                 [this](Session&, const json::value&) { return RouterCapabilities(); });
  table.AddPlain("getProducers", [this](Session& s, const json::value&) { return Producers(s); });
  table.AddPlain("setName", [this](Session& s, const json::value& p) { return SetName(s, p); });
  table.AddPlain("setView", [this](Session& s, const json::value& p) { return SetView(s, p); });
  table.Add("stats", [this](Session& s, const json::value&) { return Stats(s); });
}

Result<json::value> ParticipantHandlers::RouterCapabilities() {
  if (const auto& capabilities = switchboard_.router_capabilities()) return ToJson(*capabilities);
  return Fail(ErrorCode::kMediaUnavailable,
              "the media service is not reachable; try again in a moment");
}

Result<json::value> ParticipantHandlers::Producers(Session& session) {
  const Result<Place> place = RequireJoined(session);
  if (!place) return std::unexpected(place.error());
  return place->room->ProducersJson(place->participant);
}

Result<json::value> ParticipantHandlers::SetName(Session& session, const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) return std::unexpected(place.error());
  const Result<NameRequest> request = ParseName(payload);
  if (!request) return std::unexpected(request.error());
  switchboard_.Apply(place->room, place->room->Rename(place->participant, request->name));
  return json::object({{"name", request->name}});
}

Result<json::value> ParticipantHandlers::SetView(Session& session, const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) return std::unexpected(place.error());
  Result<ViewRequest> request = ParseView(payload);
  if (!request) return std::unexpected(request.error());
  place->room->Find(place->participant)->tiles = std::move(request->tiles);
  return json::object();
}

asio::awaitable<Result<json::value>> ParticipantHandlers::Stats(Session& session) {
  const Result<Place> place = RequireJoined(session);
  if (!place) co_return std::unexpected(place.error());
  Participant* participant = place->room->Find(place->participant);
  pb::StatsResponse stats;
  if (!participant->transports.empty()) {  // empty would mean everyone's
    pb::StatsRequest request;
    for (const Transport& transport : participant->transports) {
      request.add_transport_ids(transport.id);
    }
    MediaCall call = switchboard_.media(*place).Stats(std::move(request));
    Result<pb::StatsResponse> response = co_await call.Wait();
    if (!response) co_return std::unexpected(response.error());
    stats = std::move(*response);
    participant = place->room->Find(place->participant);
    if (participant == nullptr) co_return Fail(ErrorCode::kNotJoined, "you have left the room");
  }
  co_return OwnStats(*participant, stats);
}

}  // namespace confab::signaling
