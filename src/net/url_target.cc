#include "net/url_target.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace confab::net {

Result<UrlTarget> ParseUrlTarget(const std::string& url, UrlScheme scheme) {
  using Id = boost::urls::scheme;
  const bool is_http = scheme == UrlScheme::kHttp;
  const auto parsed = boost::urls::parse_uri(url);
  const auto bad = [&](const char* why) { return Fail(ErrorCode::kInvalidMessage, url + why); };
  if (!parsed) return bad(" is no URL");
  UrlTarget target;
  if (parsed->scheme_id() == (is_http ? Id::https : Id::wss)) {
    target.is_tls = true;
  } else if (parsed->scheme_id() != (is_http ? Id::http : Id::ws)) {
    return bad(is_http ? " is neither http:// nor https://" : " is neither ws:// nor wss://");
  }
  target.host = parsed->host_address();
  target.authority = parsed->encoded_host_and_port();
  target.port = parsed->has_port() ? parsed->port_number() : target.is_tls ? 443 : 80;
  target.path = parsed->encoded_target();
  if (!target.path.starts_with('/')) target.path.insert(0, "/");
  if (target.host.empty() || target.port == 0) return bad(" has no host");
  return target;
}

}  // namespace confab::net
