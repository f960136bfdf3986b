#include "services/gateway/origins.h"

#include <algorithm>

namespace confab::gateway {
namespace {

constexpr std::string_view kSchemeEnd = "://";

bool IsOfHost(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' ||
         c == '[' || c == ']';
}

// The host and the port of an origin; "" for "null" and whatever else has none.
std::string_view HostOf(std::string_view origin) {
  const size_t end = origin.find(kSchemeEnd);
  return end == origin.npos ? std::string_view() : origin.substr(end + kSchemeEnd.size());
}

}  // namespace

bool Origins::IsOrigin(std::string_view text) {
  if (text == kAny) return true;
  if (!text.starts_with("https://") && !text.starts_with("http://")) return false;
  const std::string_view host = HostOf(text);
  return !host.empty() && std::ranges::all_of(host, IsOfHost);
}

bool Origins::IsListed(std::string_view origin) const {
  return std::ranges::any_of(
      listed_, [&](const std::string& listed) { return listed == kAny || listed == origin; });
}

Origins::Kind Origins::Look(const net::HttpRequest& request) const {
  const auto origin = request.headers.Find("Origin");
  const auto site = request.headers.Find("Sec-Fetch-Site");
  const bool is_own_site = site && (*site == "same-origin" || *site == "none");
  if (is_own_site) return origin ? Kind::kOwn : Kind::kNone;
  if (origin && IsListed(*origin)) return Kind::kListed;
  if (site) return Kind::kForeign;
  if (!origin) return Kind::kNone;
  // Not the scheme: behind a proxy that speaks TLS it is another one here.
  const std::string_view host = HostOf(*origin);
  return !host.empty() && host == request.headers.Value("Host") ? Kind::kOwn : Kind::kForeign;
}

}  // namespace confab::gateway
