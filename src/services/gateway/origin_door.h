#pragma once

#include "net/http_handler.h"
#include "services/gateway/origins.h"

namespace confab::gateway {

// Stands before everything that programs use, /api/ and /socket.io/: keeps pages of other sites out
// of Socket.IO, its WebSockets included (to which browsers apply no rule of their own), and lets
// pages of listed origins read the answers (CORS, W3C Fetch §3.2), without cookies, which there are
// not. Requests to the REST interface pass: its tokens decide, and unlisted pages cannot read what
// is answered. Lives on the service's thread; what is inside must outlive it.
class OriginDoor final : public net::HttpHandler {
 public:
  OriginDoor(net::HttpHandler& inside, Origins origins)
      : inside_(inside), origins_(std::move(origins)) {}

  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest& request) override;
  asio::awaitable<std::optional<net::HttpResponse>> Upgrade(net::HttpRequest& request,
                                                            net::Stream& stream) override;

 private:
  // 403 where it may not go on; nothing where it may.
  std::optional<net::HttpResponse> Refusal(const net::HttpRequest& request) const;

  net::HttpHandler& inside_;
  Origins origins_;
};

}  // namespace confab::gateway
