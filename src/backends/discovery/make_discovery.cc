#include "backends/discovery/make_discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "backends/discovery/consul/consul_discovery.h"
#include "backends/discovery/static/static_discovery.h"
#include "backends/discovery/static/static_instance.h"
#include "net/url_target.h"

namespace confab::discovery {
namespace {

constexpr size_t kMaxTokenSize = 4096;

std::unexpected<Error> BadTokenFile(const std::string& path, std::string_view why) {
  return Fail(ErrorCode::kInvalidConfiguration,
              fmt::format("The token file {} {}; give a readable file that holds one Consul token",
                          path, why));
}

Result<std::string> ReadToken(const std::string& path) {
  if (path.empty()) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxTokenSize + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file && !file.eof()) return BadTokenFile(path, "cannot be read");
  text.resize(static_cast<size_t>(file.gcount()));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty()) return BadTokenFile(path, "is empty");
  if (text.size() > kMaxTokenSize) return BadTokenFile(path, "is too long");
  // It becomes a header's value.
  if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; })) {
    return BadTokenFile(path, "holds more than one word");
  }
  return text;
}

Result<std::unique_ptr<Discovery>> MakeStatic(asio::io_context& io,
                                              const DiscoveryOptions& options) {
  const std::pair<ServiceKind, const std::vector<std::string>&> texts[] = {
      {ServiceKind::kGateway, options.gateways},
      {ServiceKind::kSignaling, options.signaling},
      {ServiceKind::kMedia, options.media},
      {ServiceKind::kLogs, options.logs}};
  StaticDiscovery::Lists lists;
  for (const auto& [kind, list] : texts) {
    auto instances = ParseStaticInstances(kind, list);
    if (!instances) return std::unexpected(instances.error());
    lists[static_cast<size_t>(kind)] = std::move(*instances);
  }
  return std::make_unique<StaticDiscovery>(io, std::move(lists));
}

}  // namespace

Result<void> CheckConsulUrl(const std::string& url) {
  const auto target = net::ParseUrlTarget(url, net::UrlScheme::kHttp);
  // Paths are put behind it.
  if (target && url.find_first_of("?#@") == std::string::npos) return {};
  return Fail(ErrorCode::kInvalidConfiguration,
              "discovery.consul_url cannot be Consul's URL: give http:// or https:// with host "
              "and port and nothing else, such as http://127.0.0.1:8500");
}

Result<std::unique_ptr<Discovery>> MakeDiscovery(asio::io_context& io,
                                                 const DiscoveryOptions& options,
                                                 observe::Logger logger) {
  if (options.backend == DiscoveryBackend::kStatic) return MakeStatic(io, options);
  const auto usable = CheckConsulUrl(options.consul_url);
  if (!usable) return std::unexpected(usable.error());
  auto token = ReadToken(options.consul_token_file);
  if (!token) return std::unexpected(token.error());
  return std::make_unique<ConsulDiscovery>(io, ConsulApi(options.consul_url, std::move(*token)),
                                           ConsulTimes(), std::move(logger));
}

}  // namespace confab::discovery
