#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/socket_address.h"

namespace confab::net {

// Header fields in the order of arrival. Names compare without regard to case (RFC 9110 §5.1).
class HttpHeaders {
 public:
  using Field = std::pair<std::string, std::string>;

  HttpHeaders() = default;
  HttpHeaders(std::initializer_list<Field> fields) : fields_(fields) {}

  // The first field of that name.
  std::optional<std::string_view> Find(std::string_view name) const;
  // The last one: the one that the nearest proxy has added, where each adds its own.
  std::optional<std::string_view> FindLast(std::string_view name) const;
  // The first, or "" where there is none.
  std::string_view Value(std::string_view name) const { return Find(name).value_or(""); }
  // Whether a comma-separated field such as Connection holds this token.
  bool HasToken(std::string_view name, std::string_view token) const;
  // Replaces every field of that name.
  void Set(std::string_view name, std::string value);
  void Add(std::string_view name, std::string value);
  void Remove(std::string_view name);

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  size_t size() const { return fields_.size(); }
  bool operator==(const HttpHeaders&) const = default;

 private:
  std::vector<Field> fields_;
};

// A request that has been read whole. Lives in its connection's coroutine.
struct HttpRequest {
  std::string method;  // upper case
  std::string target;  // as sent: path and query
  std::string path;    // as sent, percent-encoded, without the query
  std::string query;   // as sent, without '?'
  HttpHeaders headers;
  std::string body;
  std::vector<std::pair<std::string, std::string>> params;  // {name} of the route, decoded
  SocketAddress peer;                                       // of the TCP connection
  bool is_tls = false;                                      // of the TCP connection
  // Who asks, and whether by HTTPS: the peer, or what a trusted proxy says (net/forwarded.h).
  SocketAddress client;
  bool is_https = false;
  // Random, or a client's X-Request-Id of the same form; returned as X-Request-Id and in errors.
  std::string id;
  // Of which it is part (W3C Trace Context): the id in a client's traceparent, or random.
  std::string trace;

  // Called at most once, while the handler is at work, when the client has closed the connection.
  std::function<void()> on_client_gone;

  // A {name} of the route; "" where the route has none of that name.
  std::string_view Param(std::string_view name) const;
  // The first query value of that name, decoded.
  std::optional<std::string> QueryValue(std::string_view name) const;
  // Connection: Upgrade is there (RFC 9110 §7.8).
  bool WantsUpgrade() const;
};

// What a handler answers. The server adds Date, Content-Length and Connection.
struct HttpResponse {
  unsigned status = 200;
  HttpHeaders headers;
  std::string body;
  // Sent instead of `body` where set. Shared, so that one cached file serves many responses at
  // once.
  std::shared_ptr<const std::string> shared_body;

  std::string_view content() const { return shared_body ? *shared_body : body; }
};

HttpResponse TextResponse(unsigned status, std::string text);
// `json` is the serialised text.
HttpResponse JsonResponse(unsigned status, std::string json);
// The one error shape: {"error":{"code":…,"message":…,"id":…}}; `id` is the request's.
HttpResponse ErrorResponse(unsigned status, const Error& error, std::string_view id);
// The same with the status that belongs to the code.
HttpResponse ErrorResponse(const Error& error, std::string_view id);
unsigned HttpStatusOf(ErrorCode code);
// "Not Found" for 404; "" for a number nobody assigned.
std::string_view HttpReason(unsigned status);

// Percent-decoding (RFC 3986 §2.1); nothing on a broken escape.
std::optional<std::string> DecodePercent(std::string_view text);

}  // namespace confab::net
