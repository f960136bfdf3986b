#include "rpc/channel.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>

#include <algorithm>

#include "base/socket_address.h"
#include "rpc/callback_queue.h"
#include "rpc/limits.h"
#include "rpc/token_interceptor.h"

namespace confab::rpc {
namespace {

// Calls that may be made twice without harm.
constexpr const char* kServiceConfig = R"({"methodConfig": [{
  "name": [
    {"service": "confab.media.v1.Media", "method": "GetRouterCapabilities"},
    {"service": "confab.media.v1.Media", "method": "Stats"},
    {"service": "confab.media.v1.State", "method": "GetState"},
    {"service": "confab.rooms.v1.Rooms", "method": "ListRooms"},
    {"service": "confab.rooms.v1.Rooms", "method": "GetRoom"},
    {"service": "confab.rooms.v1.Rooms", "method": "GetState"}
  ],
  "retryPolicy": {
    "maxAttempts": 3,
    "initialBackoff": "0.05s",
    "maxBackoff": "0.5s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"]
  }
}]})";

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // as many as are due
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kMinReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectTimeoutMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMs);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // A channel to a process that was replaced must not find the connection of the one before.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetServiceConfigJSON(kServiceConfig);
  return arguments;
}

// In gRPC's words, so that no host can mean a socket file or another resolver. Names are looked up
// again with every connection.
Result<std::string> TargetOf(const std::string& host, uint16_t port) {
  if (const auto address = SocketAddress::Parse(host, port)) {
    const bool is_ipv4 = address->family() == AddressFamily::kIpv4;
    return fmt::format("{}:{}", is_ipv4 ? "ipv4" : "ipv6", address->ToString());
  }
  constexpr size_t kMaxHostLength = 253;
  const bool is_name =
      !host.empty() && host.size() <= kMaxHostLength && std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '_';
      });
  if (!is_name) {
    return Fail(ErrorCode::kInvalidConfiguration,
                fmt::format("\"{}\" is neither a host's name nor an address", host));
  }
  return fmt::format("dns:///{}:{}", host, port);
}

}  // namespace

std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
ChannelInterceptors(TokenSource tokens, std::shared_ptr<CallMeter> meter) {
  auto factories = TokenInterceptors(std::move(tokens));
  AddMeter(factories, std::move(meter));
  return factories;
}

Result<std::shared_ptr<grpc::Channel>> Connect(const std::string& host, uint16_t port,
                                               const Credentials& credentials, TokenSource tokens,
                                               std::shared_ptr<CallMeter> meter) {
  const Result<std::string> target = TargetOf(host, port);
  if (!target) return std::unexpected(target.error());
  if (const auto allowed = credentials.CheckHost(host); !allowed) {
    return std::unexpected(allowed.error());
  }
  KeepCallbackQueue();
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      *target, credentials.channel(), Arguments(),
      ChannelInterceptors(std::move(tokens), std::move(meter)));
}

}  // namespace confab::rpc
