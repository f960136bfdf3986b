#include "backends/bus/redis/redis_options.h"

#include <boost/url/parse.hpp>
#include <charconv>

namespace confab::bus {
namespace {

std::unexpected<Error> Wrong(std::string_view url, std::string_view what) {
  return Fail(
      ErrorCode::kInvalidConfiguration,
      "\"" + std::string(url) + "\" " + std::string(what) + ": write redis://HOST:PORT/DATABASE");
}

}  // namespace

Result<RedisOptions> ParseRedisUrl(std::string_view url) {
  constexpr uint16_t kMaxDatabase = 1023;
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->host().empty()) return Wrong(url, "is no URL");
  RedisOptions options;
  if (parsed->scheme() == "rediss") {
    options.security = RedisOptions::Security::kTls;
  } else if (parsed->scheme() != "redis") {
    return Wrong(url, "is no URL of a Redis");
  }
  // Not the URL itself: it holds a secret.
  if (parsed->has_password()) {
    return Wrong("the URL of Redis", "must not hold a password, which has a file of its own");
  }
  options.host = parsed->host_address();
  if (parsed->has_port()) {
    options.port = parsed->port_number();
    if (options.port == 0) return Wrong(url, "has no port from 1 to 65535");
  }
  options.user = parsed->user();
  std::string_view path(parsed->encoded_path().data(), parsed->encoded_path().size());
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty()) return options;
  const auto [end, ec] = std::from_chars(path.data(), path.data() + path.size(), options.database);
  if (ec != std::errc() || end != path.data() + path.size() || options.database > kMaxDatabase) {
    return Wrong(url, "names no database from 0 to 1023");
  }
  return options;
}

}  // namespace confab::bus
