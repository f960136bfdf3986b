#include "rpc/server.h"

#include <fmt/format.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <utility>

#include "base/socket_address.h"
#include "rpc/callback_queue.h"
#include "rpc/channel.h"
#include "rpc/limits.h"

namespace confab::rpc {
namespace {

constexpr TimeDelta kStopDeadline = TimeDelta::Millis(500);

void AddLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.SetMaxSendMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kMinPingIntervalMs);
  // Else a second process would share the port, and get half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

Result<std::string> ListenAddress(const ServerOptions& options) {
  const auto address = SocketAddress::Parse(options.address, options.port);
  if (!address) {
    return Fail(ErrorCode::kInvalidConfiguration,
                fmt::format("\"{}\" is no IP address to listen for gRPC on", options.address));
  }
  if (const auto allowed = options.credentials.CheckHost(options.address); !allowed) {
    return std::unexpected(allowed.error());
  }
  return address->ToString();
}

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options) {
  KeepCallbackQueue();
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  AddLimits(builder);
  // make_unique cannot reach the private constructor.
  std::unique_ptr<Server> server(new Server(std::move(options.offers)));
  for (const Offer& offer : server->offers_) builder.RegisterService(offer.service);
  builder.RegisterCallbackGenericService(&server->others_);
  builder.experimental().SetInterceptorCreators(ServerMeterInterceptors(std::move(options.served)));
  server->made_ = std::move(options.made);
  int port = 0;
  std::string listen;
  if (!options.address.empty()) {
    const auto address = ListenAddress(options);
    if (!address) return std::unexpected(address.error());
    listen = *address;
    builder.AddListeningPort(listen, options.credentials.server(), &port);
  }
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || (!listen.empty() && port == 0)) {
    return Fail(ErrorCode::kUnavailable,
                fmt::format("cannot listen for gRPC on {}: the port is taken, or the address is "
                            "not one of this machine; choose another",
                            listen));
  }
  server->port_ = static_cast<uint16_t>(port);
  server->SetServing(Serving::kYes);
  return server;
}

Server::~Server() {
  if (server_) Stop(kStopDeadline);
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel(TokenSource tokens) {
  return server_->experimental().InProcessChannelWithInterceptors(
      {}, ChannelInterceptors(std::move(tokens), made_));
}

void Server::SetServing(Serving serving) {
  grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
  if (health == nullptr) return;
  for (const Offer& offer : offers_) {
    health->SetServingStatus(offer.name, serving == Serving::kYes);
  }
  health->SetServingStatus("", serving == Serving::kYes);
}

void Server::Stop(TimeDelta deadline) {
  if (std::exchange(is_stopped_, true)) return;
  if (auto* health = server_->GetHealthCheckService()) health->Shutdown();
  server_->Shutdown(std::chrono::system_clock::now() + std::chrono::microseconds(deadline.us()));
}

}  // namespace confab::rpc
