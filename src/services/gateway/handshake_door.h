#pragma once

#include <functional>

#include "net/http_handler.h"
#include "services/gateway/api/rate_limits.h"

namespace confab::gateway {

// Stands before Socket.IO and says how many connections an address may begin there: signaling keeps
// a place for each before it sees a token. Beyond the rate: 429. What names its connection (`sid`)
// passes. Lives on the service's thread; what is inside must outlive it.
class HandshakeDoor final : public net::HttpHandler {
 public:
  HandshakeDoor(net::HttpHandler& inside, RateLimits::Options per_address,
                std::function<Timestamp()> now)
      : inside_(inside), per_address_(per_address), now_(std::move(now)) {}

  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest& request) override;
  asio::awaitable<std::optional<net::HttpResponse>> Upgrade(net::HttpRequest& request,
                                                            net::Stream& stream) override;

 private:
  // Where it may not go on.
  std::optional<net::HttpResponse> TakePlace(const net::HttpRequest& request);

  net::HttpHandler& inside_;
  RateLimits per_address_;
  std::function<Timestamp()> now_;
};

}  // namespace confab::gateway
