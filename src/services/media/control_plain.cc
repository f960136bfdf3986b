// Calls of the control API that concern plain transports.

#include <utility>

#include "services/media/control_api.h"

#include "rpc/call_scope_metadata.h"
#include "services/media/control_refuse.h"
#include "services/media/convert/plain_proto.h"
#include "services/media/convert/rtp_from_proto.h"

namespace confab::media {
namespace {

Result<PlainRequest> Parse(const pb::CreatePlainTransportRequest& request, CallScope scope) {
  if (request.transport_id().empty() || request.transport_id().size() > ControlApi::kMaxIdLength) {
    return Fail(ErrorCode::kInvalidMessage, "transport_id must have 1 to 64 characters");
  }
  const bool is_muxed = !request.has_rtcp_mux() || request.rtcp_mux();
  PlainRequest parsed{
      .transport = {.id = request.transport_id(),
                    .router_id = request.router_id(),
                    .capabilities = {},
                    .scope = std::move(scope)},
      .ports = is_muxed ? PlainSockets::Ports::kShared : PlainSockets::Ports::kPair,
      .listen_ip = request.listen_ip(),
      .remote = request.comedia() ? rtc::RemoteAddress::kLearned : rtc::RemoteAddress::kGiven,
      .srtp = rtc::SrtpProfile::kClear};
  if (!request.srtp_crypto_suite().empty()) {
    const auto suite = SuiteFrom(request.srtp_crypto_suite());
    if (!suite) return std::unexpected(suite.error());
    parsed.srtp = *suite;
  }
  if (request.has_rtp_capabilities()) {
    auto capabilities = FromProto(request.rtp_capabilities());
    if (!capabilities) return std::unexpected(capabilities.error());
    parsed.transport.capabilities = std::move(*capabilities);
  }
  return parsed;
}

// What a plain transport tells of itself, copied on the worker.
struct PlainState {
  sfu::PlainParameters parameters;
  std::optional<rtc::Path> rtp;
  std::optional<rtc::Path> rtcp;

  explicit PlainState(const sfu::Transport& transport)
      : parameters(transport.plain()),
        rtp(transport.session().send_path()),
        rtcp(transport.session().rtcp_send_path()) {}
};

// CreatePlainTransportResponse and ConnectPlainTransportResponse hold the same.
template <typename Response>
void Fill(const PlainState& state, Response& response) {
  const sfu::PlainTransportOptions& options = state.parameters.options();
  *response.mutable_tuple() = ToProto(options.rtp.address, state.rtp);
  if (options.rtcp) *response.mutable_rtcp_tuple() = ToProto(options.rtcp->address, state.rtcp);
  if (state.parameters.has_srtp()) {
    *response.mutable_srtp_parameters() = ToProto(state.parameters.local_key());
  }
}

// The second half of either call.
template <typename Response>
auto FillLater(Result<PlainState> state, Response* response) {
  return [state = std::move(state), response]() -> Result<void> {
    if (!state) return std::unexpected(state.error());
    Fill(*state, *response);
    return {};
  };
}

Result<PlainState> Connect(sfu::Worker& worker, Timestamp now,
                           const pb::ConnectPlainTransportRequest& request,
                           const sfu::PlainRemote& remote) {
  const auto router = worker.FindRouter(request.router_id());
  if (!router) return std::unexpected(router.error());
  const auto transport = (*router)->FindTransport(request.transport_id());
  if (!transport) return std::unexpected(transport.error());
  const auto connected = worker.ConnectPlainTransport(now, **transport, remote);
  if (!connected) return std::unexpected(connected.error());
  return PlainState(**transport);
}

}  // namespace

grpc::ServerUnaryReactor* ControlApi::CreatePlainTransport(
    grpc::CallbackServerContext* context, const pb::CreatePlainTransportRequest* request,
    pb::CreatePlainTransportResponse* response) {
  auto parsed = Parse(*request, rpc::ScopeOf(*context));
  if (!parsed) return Refuse(context, parsed.error());
  return Run(context, Target::Of(*request, "CreatePlainTransport"),
             [this, request, thread = &WorkerOf(request->router_id()),
              gate = &GateOf(request->router_id()), parsed = std::move(*parsed),
              response](sfu::Worker& worker, Timestamp now) mutable -> Finish {
               auto admitted = gate->AdmitTransport(worker, parsed.transport.router_id);
               if (!admitted) return [admitted = std::move(admitted)] { return admitted; };
               const auto transport = thread->CreatePlainTransport(now, std::move(parsed));
               Result<PlainState> state = std::unexpected(Error{});
               if (transport) {
                 state = PlainState(**transport);
                 log_.PlainTransportCreated((*transport)->scope(), request->router_id(),
                                            request->transport_id());
               } else {
                 state = std::unexpected(transport.error());
               }
               return FillLater(std::move(state), response);
             });
}

grpc::ServerUnaryReactor* ControlApi::ConnectPlainTransport(
    grpc::CallbackServerContext* context, const pb::ConnectPlainTransportRequest* request,
    pb::ConnectPlainTransportResponse* response) {
  auto remote = FromProto(*request);
  if (!remote) return Refuse(context, remote.error());
  return Run(context, Target::Of(*request, "ConnectPlainTransport"),
             [request, remote = std::move(*remote), response](sfu::Worker& worker, Timestamp now)
                 -> Finish { return FillLater(Connect(worker, now, *request, remote), response); });
}

}  // namespace confab::media
