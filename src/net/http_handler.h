#pragma once

#include <functional>
#include <optional>

#include "net/asio.h"
#include "net/http_message.h"

namespace confab::net {

class Stream;

// Answers requests. Owned by whoever makes the router; outlives the server.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;

  // `request` lives until the coroutine ends. An exception becomes a 500 in the error shape.
  virtual asio::awaitable<HttpResponse> Handle(HttpRequest& request) = 0;

  // Called instead of Handle where WantsUpgrade(). Either leaves the stream alone and returns a
  // response, which is sent; or speaks another protocol on it until that ends, and returns nothing:
  // the connection is closed then. The stream belongs to the connection and outlives the coroutine.
  // The server's Stop() closes it at the deadline.
  virtual asio::awaitable<std::optional<HttpResponse>> Upgrade(HttpRequest& request,
                                                               Stream& stream);
};

using HttpFunction = std::function<asio::awaitable<HttpResponse>(HttpRequest&)>;

}  // namespace confab::net
