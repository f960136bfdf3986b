#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_handler.h"

namespace confab::net {

// The route table: method and path to handler. Filled before the server listens, constant after.
// A path that is known under other methods gives 405 with Allow, HEAD is answered by the GET route
// (the server drops the body), an unknown path goes to the fallback or gives 404.
class HttpRouter final : public HttpHandler {
 public:
  HttpRouter();
  ~HttpRouter() override;

  // `pattern` is a path whose segments are text or {name}: "/api/rooms/{room}". {name} takes one
  // segment, not empty. Routes are tried in the order of their adding.
  void Add(std::string_view method, std::string_view pattern, HttpFunction function);
  // Every method and every path that begins with `prefix` ("/socket.io/"). Tried before the
  // patterns, longest prefix first. `handler` must outlive the router.
  void AddPrefix(std::string_view prefix, HttpHandler& handler);
  // What no route takes. `handler` must outlive the router.
  void SetFallback(HttpHandler& handler) { fallback_ = &handler; }
  // Every pattern and prefix, once, sorted.
  std::vector<std::string> paths() const;

  asio::awaitable<HttpResponse> Handle(HttpRequest& request) override;
  asio::awaitable<std::optional<HttpResponse>> Upgrade(HttpRequest& request,
                                                       Stream& stream) override;

 private:
  struct Route;
  struct Prefix {
    std::string text;
    HttpHandler* handler;
  };

  HttpHandler* FindPrefix(std::string_view path) const;

  std::vector<Route> routes_;
  std::vector<Prefix> prefixes_;
  HttpHandler* fallback_ = nullptr;
};

}  // namespace confab::net
