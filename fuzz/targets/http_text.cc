// HTTP's texts as far as they are ours: heads, header lists, queries, paths, URLs,
// what proxies say of their clients.

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "net/forwarded.h"
#include "net/http_message.h"
#include "net/http_parse.h"
#include "net/http_text.h"
#include "net/static_files.h"
#include "net/url_target.h"

namespace confab::net {
namespace {

struct Head {
  std::string method;
  std::string target;
  HttpHeaders headers;
};

// As the connection feeds the parser.
std::optional<Head> ParseHead(std::string_view text) {
  RequestParser parser;
  parser.eager(true);
  parser.header_limit(64 * 1024);
  boost::system::error_code error;
  parser.put(boost::asio::const_buffer(text.data(), text.size()), error);
  if (error || !parser.is_header_done()) return std::nullopt;
  const auto& request = parser.get();
  return Head{std::string(request.method_string()), std::string(request.target()),
              ToHeaders(request)};
}

// What the proxy sends on is what it read, less what holds for one connection.
void RoundTrip(std::string_view text) {
  const auto head = ParseHead(text);
  if (!head) return;
  HttpHeaders headers = head->headers;
  RemoveHopByHop(headers);
  for (const char* name : {"Connection", "Transfer-Encoding", "Upgrade", "TE", "Keep-Alive"}) {
    CHECK(!headers.Find(name));
  }
  headers.Remove("Content-Length");
  headers.Remove("Expect");
  const auto again = ParseHead(RequestHead(head->method, head->target, headers));
  CHECK(again.has_value());
  CHECK(again->method == head->method && again->target == head->target);
  CHECK(again->headers == headers);
}

void Paths(std::string_view text) {
  const auto path = SafePath(text);
  if (!path) return;
  // static_files.h: nothing outside the root, nothing hidden.
  CHECK(!path->starts_with('/') && !path->starts_with('.'));
  CHECK(path->find("/.") == path->npos && path->find("//") == path->npos);
  CHECK(path->find('\0') == path->npos && path->find('\\') == path->npos);
  (void)ContentTypeOf(*path);
}

void Query(std::string_view text) {
  HttpRequest request;
  request.query = text;
  (void)request.QueryValue("a");
  (void)request.QueryValue("");
  request.headers.Add("Connection", std::string(text));
  request.headers.Add("Upgrade", std::string(text));
  (void)request.WantsUpgrade();
}

void Url(const std::string& text) {
  for (const UrlScheme scheme : {UrlScheme::kHttp, UrlScheme::kWebSocket}) {
    const auto target = ParseUrlTarget(text, scheme);
    if (!target) continue;
    CHECK(!target->host.empty() && target->port != 0 && target->path.starts_with('/'));
    // It goes into a request's head as it is.
    CHECK(target->path.find_first_of(" \r\n") == std::string::npos);
    CHECK(target->authority.find_first_of(" \r\n") == std::string::npos);
  }
}

// A proxy is believed, nobody else is; what cannot be read is not said.
void Forwarded(std::string_view text) {
  const std::vector<IpNetwork> trusted{*IpNetwork::Parse("192.0.2.0/24")};
  HttpRequest request;
  request.headers.Add("X-Forwarded-For", std::string(text));
  request.headers.Add("X-Forwarded-Proto", std::string(text));
  for (const char* peer : {"192.0.2.1", "198.51.100.1"}) {
    request.peer = *SocketAddress::Parse(peer, 4711);
    ResolveForwarded(request, trusted);
    const bool is_trusted = trusted.front().Contains(request.peer);
    CHECK(is_trusted || (request.client == request.peer && !request.is_https));
    CHECK(request.client.family() != AddressFamily::kNone);
    CHECK(!request.is_https || text.find("https") != text.npos);
  }
}

// A field cannot end its line, whatever is in it.
void Response(std::string_view text) {
  const size_t half = text.size() / 2;
  const HttpHeaders headers{{"X-Text", std::string(text)},
                            {std::string(text.substr(0, half)), std::string(text.substr(half))}};
  const std::string head = ResponseHead(200, headers);
  size_t lines = 0;
  for (const char c : head) lines += c == '\n' ? 1 : 0;
  CHECK(lines <= headers.size() + 2);
}

}  // namespace

CONFAB_FUZZ_TARGET(http_text) {
  const std::string_view text = AsText(input);
  RoundTrip(text);
  Paths(text);
  Query(text);
  Forwarded(text);
  Url(std::string(text));
  Response(text);
}

}  // namespace confab::net
