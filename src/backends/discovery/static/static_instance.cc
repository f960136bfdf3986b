#include "backends/discovery/static/static_instance.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "backends/discovery/instance_rules.h"
#include "base/socket_address.h"

namespace confab::discovery {
namespace {

std::unexpected<Error> Bad(std::string_view text, std::string_view why) {
  return Fail(ErrorCode::kInvalidConfiguration,
              fmt::format("\"{}\" is no instance: {}; write ID=HOST:HTTP_PORT/GRPC_PORT or "
                          "ID=HOST:HTTP_PORT/GRPC_PORT@REGION, with 0 for a port that it has not",
                          text, why));
}

std::optional<uint16_t> ParsePort(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return {};
  return port;
}

// Splits at the last `separator`; nothing where there is none.
std::optional<std::pair<std::string_view, std::string_view>> SplitLast(std::string_view text,
                                                                       char separator) {
  const size_t at = text.rfind(separator);
  if (at == std::string_view::npos) return {};
  return std::pair(text.substr(0, at), text.substr(at + 1));
}

std::string_view WithoutBrackets(std::string_view host) {
  const bool has_them = host.starts_with('[') && host.ends_with(']');
  return has_them ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

Result<Instance> ParseStaticInstance(ServiceKind service, std::string_view text) {
  Instance instance{.service = service};
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) return Bad(text, "there is no '=' after its id");
  instance.id = text.substr(0, equals);
  std::string_view place = text.substr(equals + 1);
  if (const auto parts = SplitLast(place, '@')) {
    if (parts->second.empty()) return Bad(text, "there is no region after '@'");
    place = parts->first;
    instance.region = parts->second;
  }
  const auto grpc = SplitLast(place, '/');
  if (!grpc) return Bad(text, "there is no '/' between its ports");
  const auto http = SplitLast(grpc->first, ':');
  if (!http) return Bad(text, "there is no ':' after its host");
  const auto http_port = ParsePort(http->second);
  const auto grpc_port = ParsePort(grpc->second);
  if (!http_port || !grpc_port) return Bad(text, "a port is a whole number from 0 to 65535");
  // Else it could not be told where the address ends.
  if (http->first.find(':') != http->first.npos && SocketAddress::Parse(http->first, 0)) {
    return Bad(text, "an IPv6 address stands in brackets");
  }
  instance.host = WithoutBrackets(http->first);
  instance.http_port = *http_port;
  instance.grpc_port = *grpc_port;
  if (const std::string_view fault = FaultOf(instance); !fault.empty()) return Bad(text, fault);
  return instance;
}

Result<std::vector<Instance>> ParseStaticInstances(ServiceKind service,
                                                   const std::vector<std::string>& texts) {
  if (texts.size() > kMaxStaticInstances) {
    return Fail(ErrorCode::kInvalidConfiguration,
                fmt::format("these are {} instances of {}, and {} are the most; use Consul instead",
                            texts.size(), ToString(service), kMaxStaticInstances));
  }
  std::vector<Instance> instances;
  for (const std::string& text : texts) {
    auto instance = ParseStaticInstance(service, text);
    if (!instance) return std::unexpected(instance.error());
    if (std::ranges::find(instances, instance->id, &Instance::id) != instances.end()) {
      return Bad(text, "its id is another one's");
    }
    instances.push_back(std::move(*instance));
  }
  return instances;
}

}  // namespace confab::discovery
