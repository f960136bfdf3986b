#include "services/signaling/handlers/transport_maker.h"

#include "net/clock.h"
#include "services/signaling/protocol/rtp_writer.h"

namespace confab::signaling {
namespace {

namespace pb = media::v1;

json::object TransportJson(const MediaId& id, const pb::CreateTransportResponse& transport) {
  json::array candidates;
  for (const pb::IceCandidate& candidate : transport.ice_candidates()) {
    candidates.push_back(ToJson(candidate));
  }
  return {{"id", id},
          {"iceParameters", ToJson(transport.ice_parameters())},
          {"iceCandidates", std::move(candidates)},
          {"dtlsParameters", ToJson(transport.dtls_parameters())}};
}

bool HasPlace(const Participant& participant) {
  return participant.transports.size() < kMaxTransportsPerParticipant;
}

std::unexpected<Error> NoPlace() {
  return Fail(ErrorCode::kLimitExceeded, "you have as many transports as you may");
}

}  // namespace

pb::CreateTransportRequest TransportMaker::Request(const Place& place,
                                                   const pb::DtlsParameters* parameters) {
  pb::CreateTransportRequest request;
  request.set_transport_id(switchboard_.NewMediaId());
  if (parameters != nullptr) *request.mutable_dtls_parameters() = *parameters;
  const Participant& participant = *place.room->Find(place.participant);
  if (participant.rtp_capabilities.codecs_size() > 0) {
    *request.mutable_rtp_capabilities() = participant.rtp_capabilities;
  }
  return request;
}

void TransportMaker::ExpectConnect(const MediaId& id) {
  switchboard_.meter().ExpectConnect(id, net::MonotonicNow());
}

asio::awaitable<Result<void>> TransportMaker::FindHome(Place place, uint32_t attempt,
                                                       StageTimes& times) {
  StageClock stages(switchboard_.meter(), times, net::MonotonicNow());
  const Result<void> found = co_await switchboard_.FindHome(place.room);
  stages.End(JoinStage::kHome, net::MonotonicNow());
  if (!found) co_return std::unexpected(found.error());
  const Participant* participant = place.room->Find(place.participant);
  if (participant == nullptr) {
    co_return Fail(ErrorCode::kInvalidState, "the participant left meanwhile");
  }
  if (participant->attempt != attempt) {
    co_return Fail(ErrorCode::kMediaUnavailable,
                   "the room's media moved to another instance meanwhile; try again");
  }
  co_return Result<void>();
}

asio::awaitable<Result<json::object>> TransportMaker::MakePair(Place place, uint32_t attempt,
                                                               TransportPair parameters,
                                                               StageTimes& times) {
  const Result<void> found = co_await FindHome(place, attempt, times);
  if (!found) co_return std::unexpected(found.error());
  pb::CreateTransportRequest send_request = Request(place, &parameters.send);
  pb::CreateTransportRequest recv_request = Request(place, &parameters.recv);
  const MediaId send_id = send_request.transport_id();
  const MediaId recv_id = recv_request.transport_id();
  const Timestamp made_at = net::MonotonicNow();
  StageClock stages(switchboard_.meter(), times, made_at);
  ExpectConnect(send_id);
  ExpectConnect(recv_id);
  MediaCall send_call = switchboard_.media(place).CreateTransport(std::move(send_request));
  MediaCall recv_call = switchboard_.media(place).CreateTransport(std::move(recv_request));
  // Newcomers' pictures should not wait for a keyframe that nobody asked for yet.
  switchboard_.RequestKeyFrames(*place.room, place.room->VideosFor(place.participant));
  Result<pb::CreateTransportResponse> send = co_await send_call.Wait();
  Result<pb::CreateTransportResponse> recv = co_await recv_call.Wait();
  stages.End(JoinStage::kTransports, net::MonotonicNow());

  using enum Transport::Dtls;
  Result<void> added;
  if (!send || !recv) {
    added = std::unexpected(!send ? send.error() : recv.error());
  } else {
    const auto add = [&](const MediaId& id, Direction direction) {
      return place.room->AddTransport(
          place.participant, attempt,
          {.id = id, .direction = direction, .dtls = kGiven, .made_at = made_at});
    };
    added = add(send_id, Direction::kSend);
    if (added) added = add(recv_id, Direction::kRecv);
  }
  if (!added) {
    switchboard_.Apply(place.room, {CloseMedia{.transports = {send_id, recv_id}}});
    co_return std::unexpected(added.error());
  }
  const Result<void> consumed =
      co_await switchboard_.ConsumeWhatIsMissing(place, Delivery::kInReply);
  stages.End(JoinStage::kConsumers, net::MonotonicNow());
  if (!consumed) co_return std::unexpected(consumed.error());
  co_return json::object{{"send", TransportJson(send_id, *send)},
                         {"recv", TransportJson(recv_id, *recv)}};
}

asio::awaitable<Result<json::object>> TransportMaker::MakeOne(Place place,
                                                              std::optional<Direction> direction) {
  const uint32_t attempt = place.room->Find(place.participant)->attempt;
  StageTimes times;  // of no join
  const Result<void> found = co_await FindHome(place, attempt, times);
  if (!found) co_return std::unexpected(found.error());
  if (!HasPlace(*place.room->Find(place.participant))) co_return NoPlace();
  // Named: GCC 12 destroys an aggregate twice that is built inside co_await.
  Transport transport{.direction = direction};
  pb::CreateTransportRequest request = Request(place, nullptr);
  co_return co_await Make(place, attempt, std::move(transport), std::move(request), times);
}

asio::awaitable<Result<json::object>> TransportMaker::MakeGiven(Place place, uint32_t attempt,
                                                                Direction direction,
                                                                pb::DtlsParameters parameters,
                                                                StageTimes& times) {
  const Result<void> found = co_await FindHome(place, attempt, times);
  if (!found) co_return std::unexpected(found.error());
  Transport transport{.direction = direction, .dtls = Transport::Dtls::kGiven};
  pb::CreateTransportRequest request = Request(place, &parameters);
  co_return co_await Make(place, attempt, std::move(transport), std::move(request), times);
}

asio::awaitable<Result<json::object>> TransportMaker::Make(Place place, uint32_t attempt,
                                                           Transport transport,
                                                           pb::CreateTransportRequest request,
                                                           StageTimes& times) {
  const MediaId id = transport.id = request.transport_id();
  transport.made_at = net::MonotonicNow();
  StageClock stages(switchboard_.meter(), times, transport.made_at);
  // Without its side of DTLS a client may take as long as it likes.
  if (transport.dtls == Transport::Dtls::kGiven) ExpectConnect(id);
  MediaCall call = switchboard_.media(place).CreateTransport(std::move(request));
  Result<pb::CreateTransportResponse> made = co_await call.Wait();
  stages.End(JoinStage::kTransports, net::MonotonicNow());
  if (!made) co_return std::unexpected(made.error());
  const Result<void> entered = Enter(place, attempt, std::move(transport));
  if (!entered) co_return std::unexpected(entered.error());
  co_return TransportJson(id, *made);
}

asio::awaitable<Result<json::object>> TransportMaker::MakePlain(
    Place place, CreatePlainTransportRequest request) {
  const uint32_t attempt = place.room->Find(place.participant)->attempt;
  StageTimes times;  // of no join
  const Result<void> found = co_await FindHome(place, attempt, times);
  if (!found) co_return std::unexpected(found.error());
  if (!HasPlace(*place.room->Find(place.participant))) co_return NoPlace();
  Transport transport{.id = switchboard_.NewMediaId(),
                      .direction = request.direction,
                      .made_at = net::MonotonicNow()};
  const MediaId id = transport.id;
  pb::CreatePlainTransportRequest create;
  create.set_transport_id(id);
  create.set_rtcp_mux(request.rtcp_mux);
  create.set_comedia(request.comedia);
  create.set_srtp_crypto_suite(std::move(request.srtp_crypto_suite));
  MediaCall call = switchboard_.media(place).CreatePlainTransport(std::move(create));
  const Result<pb::CreatePlainTransportResponse> made = co_await call.Wait();
  if (!made) co_return std::unexpected(made.error());
  const Result<void> entered = Enter(place, attempt, std::move(transport));
  if (!entered) co_return std::unexpected(entered.error());
  json::object object = PlainTransportJson(*made);
  object["id"] = id;
  co_return object;
}

Result<void> TransportMaker::Enter(const Place& place, uint32_t attempt, Transport transport) {
  const MediaId id = transport.id;
  Result<void> added = place.room->AddTransport(place.participant, attempt, std::move(transport));
  if (!added) switchboard_.Apply(place.room, {CloseMedia{.transports = {id}}});
  return added;
}

}  // namespace confab::signaling
