#include "services/signaling/handlers/transport_handlers.h"

#include "services/signaling/protocol/requests.h"
#include "services/signaling/protocol/rtp_writer.h"

namespace confab::signaling {
namespace {

namespace pb = media::v1;

std::unexpected<Error> NoSuchTransport() {
  return Fail(ErrorCode::kTransportNotFound, "transportId names no transport of yours");
}

}  // namespace

void TransportHandlers::AddTo(EventTable& table) {
  table.Add("restartIce", [this](Session& s, const json::value& p) { return RestartIce(s, p); });
  table.Add("createWebRtcTransport",
            [this](Session& s, const json::value& p) { return Create(s, p); });
  table.Add("createPlainTransport",
            [this](Session& s, const json::value& p) { return CreatePlain(s, p); });
  table.Add("connectPlainTransport",
            [this](Session& s, const json::value& p) { return ConnectPlain(s, p); });
  table.Add("closeTransport", [this](Session& s, const json::value& p) { return Close(s, p); });
  for (const std::string_view name : {"connectTransport", "connectWebRtcTransport"}) {
    table.Add(name, [this](Session& s, const json::value& p) { return Connect(s, p); });
  }
}

TransportHandlers::Reply TransportHandlers::RestartIce(Session& session,
                                                       const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) co_return std::unexpected(place.error());
  const Result<TransportRequest> request = ParseTransport(payload);
  if (!request) co_return std::unexpected(request.error());
  if (place->room->Find(place->participant)->FindTransport(request->transport_id) == nullptr) {
    co_return NoSuchTransport();
  }
  pb::RestartIceRequest restart;
  restart.set_transport_id(request->transport_id);
  MediaCall call = switchboard_.media(*place).RestartIce(std::move(restart));
  Result<pb::IceParameters> parameters = co_await call.Wait();
  if (!parameters) co_return std::unexpected(parameters.error());
  co_return json::object({{"iceParameters", ToJson(*parameters)}});
}

TransportHandlers::Reply TransportHandlers::Create(Session& session, const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) co_return std::unexpected(place.error());
  const Result<CreateTransportRequest> request = ParseCreateTransport(payload);
  if (!request) co_return std::unexpected(request.error());
  Result<json::object> made = co_await transports_.MakeOne(*place, request->direction);
  if (!made) co_return std::unexpected(made.error());
  co_return std::move(*made);
}

TransportHandlers::Reply TransportHandlers::Connect(Session& session, const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) co_return std::unexpected(place.error());
  const Result<ConnectRequest> request = ParseConnect(payload);
  if (!request) co_return std::unexpected(request.error());
  const Transport* transport =
      place->room->Find(place->participant)->FindTransport(request->transport_id);
  if (transport == nullptr) co_return NoSuchTransport();
  if (transport->dtls == Transport::Dtls::kGiven) {
    co_return Fail(ErrorCode::kInvalidState, "this transport has its DTLS parameters already");
  }
  pb::ConnectTransportRequest connect;
  connect.set_transport_id(request->transport_id);
  *connect.mutable_dtls_parameters() = request->dtls_parameters;
  MediaCall call = switchboard_.media(*place).ConnectTransport(std::move(connect));
  const Result<pb::ConnectTransportResponse> done = co_await call.Wait();
  if (!done) co_return std::unexpected(done.error());
  Participant* participant = place->room->Find(place->participant);
  Transport* connected =
      participant == nullptr ? nullptr : participant->FindTransport(request->transport_id);
  if (connected == nullptr) co_return NoSuchTransport();  // closed meanwhile
  connected->dtls = Transport::Dtls::kGiven;
  co_return json::object();
}

TransportHandlers::Reply TransportHandlers::CreatePlain(Session& session,
                                                        const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) co_return std::unexpected(place.error());
  Result<CreatePlainTransportRequest> request = ParseCreatePlainTransport(payload);
  if (!request) co_return std::unexpected(request.error());
  Result<json::object> made = co_await transports_.MakePlain(*place, std::move(*request));
  if (!made) co_return std::unexpected(made.error());
  co_return std::move(*made);
}

TransportHandlers::Reply TransportHandlers::ConnectPlain(Session& session,
                                                         const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) co_return std::unexpected(place.error());
  const Result<ConnectPlainTransportRequest> request = ParseConnectPlainTransport(payload);
  if (!request) co_return std::unexpected(request.error());
  if (place->room->Find(place->participant)->FindTransport(request->transport_id) == nullptr) {
    co_return NoSuchTransport();
  }
  pb::ConnectPlainTransportRequest connect;
  connect.set_transport_id(request->transport_id);
  connect.set_ip(request->ip);
  connect.set_port(request->port);
  connect.set_rtcp_port(request->rtcp_port);
  if (request->srtp) *connect.mutable_srtp_parameters() = *request->srtp;
  MediaCall call = switchboard_.media(*place).ConnectPlainTransport(std::move(connect));
  const Result<pb::ConnectPlainTransportResponse> done = co_await call.Wait();
  if (!done) co_return std::unexpected(done.error());
  co_return PlainTransportJson(*done);
}

TransportHandlers::Reply TransportHandlers::Close(Session& session, const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) co_return std::unexpected(place.error());
  const Result<TransportRequest> request = ParseTransport(payload);
  if (!request) co_return std::unexpected(request.error());
  Result<Effects> removed = place->room->RemoveTransport(place->participant, request->transport_id);
  if (!removed) co_return std::unexpected(removed.error());
  switchboard_.Apply(place->room, std::move(*removed));
  co_return json::object();
}

}  // namespace confab::signaling
