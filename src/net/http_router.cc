#include "net/http_router.h"

#include <algorithm>
#include <set>

#include "base/check.h"

namespace confab::net {
namespace {

// Splits "/a/b" into "a", "b"; "/" is one empty segment.
std::vector<std::string_view> Segments(std::string_view path) {
  std::vector<std::string_view> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  for (;;) {
    const size_t end = path.find('/');
    segments.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return segments;
    path.remove_prefix(end + 1);
  }
}

bool IsParam(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

using Params = std::vector<std::pair<std::string, std::string>>;

std::optional<Params> Match(std::string_view pattern, const std::vector<std::string_view>& path) {
  const auto wanted = Segments(pattern);
  if (wanted.size() != path.size()) return std::nullopt;
  Params params;
  for (size_t i = 0; i < wanted.size(); ++i) {
    auto segment = DecodePercent(path[i]);
    if (!segment) return std::nullopt;
    if (!IsParam(wanted[i])) {
      if (*segment != wanted[i]) return std::nullopt;
    } else if (segment->empty()) {
      return std::nullopt;
    } else {
      params.emplace_back(wanted[i].substr(1, wanted[i].size() - 2), std::move(*segment));
    }
  }
  return params;
}

HttpResponse MethodNotAllowed(const std::string& allow, const HttpRequest& request) {
  const Error error{ErrorCode::kInvalidMessage, "This address takes " + allow + "."};
  HttpResponse response = ErrorResponse(405, error, request.id);
  response.headers.Set("Allow", allow);
  return response;
}

}  // namespace

struct HttpRouter::Route {
  std::string method;
  std::string pattern;
  HttpFunction function;
};

HttpRouter::HttpRouter() = default;
HttpRouter::~HttpRouter() = default;

void HttpRouter::Add(std::string_view method, std::string_view pattern, HttpFunction function) {
  CHECK(pattern.starts_with('/'));
  routes_.push_back({std::string(method), std::string(pattern), std::move(function)});
}

void HttpRouter::AddPrefix(std::string_view prefix, HttpHandler& handler) {
  CHECK(prefix.starts_with('/'));
  prefixes_.push_back({std::string(prefix), &handler});
  std::ranges::stable_sort(prefixes_, std::greater{},
                           [](const Prefix& p) { return p.text.size(); });
}

std::vector<std::string> HttpRouter::paths() const {
  std::set<std::string> paths;
  for (const Prefix& prefix : prefixes_) paths.insert(prefix.text);
  for (const Route& route : routes_) paths.insert(route.pattern);
  return {paths.begin(), paths.end()};
}

HttpHandler* HttpRouter::FindPrefix(std::string_view path) const {
  const auto found = std::ranges::find_if(
      prefixes_, [&](const Prefix& prefix) { return path.starts_with(prefix.text); });
  return found == prefixes_.end() ? nullptr : found->handler;
}

asio::awaitable<HttpResponse> HttpRouter::Handle(HttpRequest& request) {
  if (HttpHandler* handler = FindPrefix(request.path)) co_return co_await handler->Handle(request);
  const auto segments = Segments(request.path);
  const std::string_view asked = request.method;
  const std::string_view method = asked == "HEAD" ? "GET" : asked;
  std::string allow;
  for (const Route& route : routes_) {
    auto params = Match(route.pattern, segments);
    if (!params) continue;
    if (route.method == method) {
      request.params = std::move(*params);
      co_return co_await route.function(request);
    }
    if (!allow.empty()) allow += ", ";
    allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  if (!allow.empty()) co_return MethodNotAllowed(allow, request);
  if (fallback_) co_return co_await fallback_->Handle(request);
  const Error error{ErrorCode::kNotFound, "There is nothing at this address."};
  co_return ErrorResponse(error, request.id);
}

asio::awaitable<std::optional<HttpResponse>> HttpRouter::Upgrade(HttpRequest& request,
                                                                 Stream& stream) {
  if (HttpHandler* handler = FindPrefix(request.path)) {
    co_return co_await handler->Upgrade(request, stream);
  }
  co_return co_await Handle(request);
}

}  // namespace confab::net
