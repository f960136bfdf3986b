#pragma once

#include "net/http_handler.h"

namespace confab::gateway {

// Stands where the web pages would be when they have not been built: says so, and how to get them.
class MissingPages final : public net::HttpHandler {
 public:
  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest& request) override;
};

}  // namespace confab::gateway
