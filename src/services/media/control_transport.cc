// Calls of the control API that concern transports and closing.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "services/media/control_api.h"

#include "rpc/call_scope_metadata.h"
#include "services/media/control_refuse.h"
#include "services/media/convert/rtp_from_proto.h"
#include "services/media/convert/transport_proto.h"

namespace confab::media {
namespace {

struct TransportRequest {
  sfu::TransportOptions options;
  sfu::RemoteDtls remote;
};

Result<TransportRequest> Parse(const pb::CreateTransportRequest& request, CallScope scope) {
  if (request.transport_id().empty() || request.transport_id().size() > ControlApi::kMaxIdLength) {
    return Fail(ErrorCode::kInvalidMessage, "transport_id must have 1 to 64 characters");
  }
  TransportRequest parsed;
  parsed.options.id = request.transport_id();
  parsed.options.router_id = request.router_id();
  parsed.options.scope = std::move(scope);
  if (request.has_dtls_parameters()) {
    auto remote = FromProto(request.dtls_parameters());
    if (!remote) return std::unexpected(remote.error());
    parsed.remote = std::move(*remote);
  }
  if (request.has_rtp_capabilities()) {
    auto capabilities = FromProto(request.rtp_capabilities());
    if (!capabilities) return std::unexpected(capabilities.error());
    parsed.options.capabilities = std::move(*capabilities);
  }
  return parsed;
}

// The transport of a router, or why there is none.
Result<sfu::Transport*> Find(sfu::Worker& worker, const std::string& router_id,
                             const std::string& transport_id) {
  const auto router = worker.FindRouter(router_id);
  if (!router) return std::unexpected(router.error());
  return (*router)->FindTransport(transport_id);
}

using Closings = std::vector<ClosingTransport>;

// Closes what is named; what is gone already is fine.
void CloseNamed(sfu::Worker& worker, const pb::CloseRequest& request, const LocalEnds& ends,
                const MediaLog& log, Closings& closings) {
  const auto router = worker.FindRouter(request.router_id());
  if (!router) return;
  for (const std::string& id : request.consumer_ids()) {
    if (const auto consumer = (*router)->FindConsumer(id)) (*router)->CloseConsumer(**consumer);
  }
  for (const std::string& id : request.producer_ids()) {
    if (const auto producer = (*router)->FindProducer(id)) {
      log.ProducerClosed((*producer)->transport().scope(), id);
      (void)(*router)->CloseProducer(**producer);
    }
  }
  for (const std::string& id : request.transport_ids()) {
    if (const auto transport = (*router)->FindTransport(id)) {
      closings.push_back(ClosingTransport::Of(**transport, "asked", ends));
      (void)worker.CloseTransport(**transport);
    }
  }
}

void CloseRouter(sfu::Worker& worker, const std::string& router_id, const LocalEnds& ends,
                 Closings& closings) {
  const auto router = worker.FindRouter(router_id);
  if (!router) return;
  std::ranges::move(ClosingTransport::AllOf(**router, "asked", ends), std::back_inserter(closings));
  worker.CloseRouter(**router);
}

bool HasTransports(const sfu::Worker& worker, const std::string& router_id) {
  const auto router = worker.FindRouter(router_id);
  return router && !(*router)->transports().empty();
}

}  // namespace

grpc::ServerUnaryReactor* ControlApi::CreateTransport(grpc::CallbackServerContext* context,
                                                      const pb::CreateTransportRequest* request,
                                                      pb::CreateTransportResponse* response) {
  auto parsed = Parse(*request, rpc::ScopeOf(*context));
  if (!parsed) return Refuse(context, parsed.error());
  return Run(
      context, Target::Of(*request, "CreateTransport"),
      [this, request, gate = &GateOf(request->router_id()), parsed = std::move(*parsed), response](
          sfu::Worker& worker, Timestamp now) mutable -> Finish {
        if (auto admitted = gate->AdmitTransport(worker, parsed.options.router_id); !admitted) {
          return [admitted = std::move(admitted)] { return admitted; };
        }
        const auto transport =
            worker.CreateTransport(now, std::move(parsed.options), std::move(parsed.remote));
        if (!transport)
          return [error = transport.error()] { return Result<void>(std::unexpected(error)); };
        return [credentials = (*transport)->session().ice().local_credentials(),
                candidates = worker.candidates(), fingerprint = worker.certificate().fingerprint(),
                scope = (*transport)->scope(), request, this, response]() -> Result<void> {
          log_.TransportCreated(scope, request->router_id(), request->transport_id(), candidates);
          *response->mutable_ice_parameters() = ToProto(credentials);
          for (const rtc::IceCandidate& candidate : candidates) {
            *response->add_ice_candidates() = ToProto(candidate);
          }
          *response->mutable_dtls_parameters() = LocalDtlsParameters(fingerprint);
          return {};
        };
      });
}

grpc::ServerUnaryReactor* ControlApi::ConnectTransport(grpc::CallbackServerContext* context,
                                                       const pb::ConnectTransportRequest* request,
                                                       pb::ConnectTransportResponse*) {
  auto remote = FromProto(request->dtls_parameters());
  if (!remote) return Refuse(context, remote.error());
  return Run(
      context, Target::Of(*request, "ConnectTransport"),
      [request, remote = std::move(*remote)](sfu::Worker& worker, Timestamp now) mutable -> Finish {
        Result<void> result;
        if (const auto transport = Find(worker, request->router_id(), request->transport_id())) {
          result = worker.ConnectTransport(now, **transport, std::move(remote));
        } else {
          result = std::unexpected(transport.error());
        }
        return [result = std::move(result)] { return result; };
      });
}

grpc::ServerUnaryReactor* ControlApi::RestartIce(grpc::CallbackServerContext* context,
                                                 const pb::RestartIceRequest* request,
                                                 pb::IceParameters* response) {
  return Run(context, Target::Of(*request, "RestartIce"),
             [request, response](sfu::Worker& worker, Timestamp) -> Finish {
               Result<rtc::IceCredentials> result;
               const auto transport = Find(worker, request->router_id(), request->transport_id());
               if (!transport) {
                 result = std::unexpected(transport.error());
               } else if ((*transport)->is_plain()) {
                 result = Fail(ErrorCode::kInvalidState, "a plain transport has no ICE to restart");
               } else {
                 result = worker.RestartIce(**transport);
               }
               return [result = std::move(result), response]() -> Result<void> {
                 if (!result) return std::unexpected(result.error());
                 *response = ToProto(*result);
                 return {};
               };
             });
}

grpc::ServerUnaryReactor* ControlApi::Close(grpc::CallbackServerContext* context,
                                            const pb::CloseRequest* request,
                                            pb::MediaIdsResponse* response) {
  return Run(context, Target::Of(*request, "Close"),
             [this, request, response, gate = &GateOf(request->router_id()),
              ends = &WorkerOf(request->router_id()).local_ends()](sfu::Worker& worker,
                                                                   Timestamp) -> Finish {
               Closings closings;
               CloseNamed(worker, *request, *ends, log_, closings);
               const bool is_left =
                   request->only_if_empty() && HasTransports(worker, request->router_id());
               if (request->router() && !is_left) {
                 CloseRouter(worker, request->router_id(), *ends, closings);
                 gate->HandleClosed(request->router_id());
               }
               return [this, response, is_left, closings = std::move(closings)] {
                 log_.TransportsClosed(closings);
                 response->set_router_left(is_left);
                 return Result<void>();
               };
             });
}

}  // namespace confab::media
