#pragma once

#include <functional>
#include <string>
#include <vector>

#include "net/http_router.h"
#include "observe/logger.h"
#include "services/gateway/api/access.h"
#include "services/gateway/api/api_handlers.h"
#include "services/gateway/api/api_route.h"
#include "services/gateway/api/idempotency.h"
#include "services/gateway/api/rate_limits.h"

namespace confab::gateway {

// The REST interface below /api/v1: for each request the rate of its address, its token, the rate
// of its key, its body and its idempotency key are looked at, in that order, before the handler is
// asked. Lives on the service's thread; must outlive the server.
class Api {
 public:
  struct Options {
    ApiHandlers::Parts handlers;
    Access::Guests guests = Access::Guests::kWelcome;
    Origins origins;
    auth::OpenIdIssuer* openid = nullptr;  // must outlive the interface; nullptr: nobody signs in
    RateLimits::Options per_address{.per_second = 10, .burst = 60};
    RateLimits::Options per_key{.per_second = 100, .burst = 500};
    std::function<Timestamp()> now;
    observe::Logger logger = {};
  };

  static constexpr size_t kMaxBodySize = 16 * 1024;
  static constexpr size_t kMaxJsonDepth = 8;

  explicit Api(Options options);

  // All routes, the document and the readable page.
  void AddTo(net::HttpRouter& router);
  const std::vector<ApiRoute>& routes() const { return routes_; }

 private:
  asio::awaitable<net::HttpResponse> Serve(const ApiRoute& route, net::HttpRequest& request);
  asio::awaitable<net::HttpResponse> ServeAdmitted(const ApiRoute& route,
                                                   const net::HttpRequest& request,
                                                   const Principal& principal);
  // One line for a call that was let in.
  void Log(const ApiRoute& route, const net::HttpRequest& request, const Principal& principal,
           const net::HttpResponse& response) const;
  asio::awaitable<net::HttpResponse> Answer(const ApiRoute& route, const net::HttpRequest& request,
                                            const Principal& principal);
  asio::awaitable<net::HttpResponse> AnswerOnce(const ApiRoute& route,
                                                const net::HttpRequest& request,
                                                const Principal& principal, std::string key);

  Options options_;
  ApiHandlers handlers_;
  Access access_;
  RateLimits per_address_;
  RateLimits per_key_;
  Idempotency idempotency_;
  std::vector<ApiRoute> routes_;
  std::string document_;
  std::string page_;
};

}  // namespace confab::gateway
