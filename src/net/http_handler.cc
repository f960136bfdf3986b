#include "net/http_handler.h"

namespace confab::net {

// A server may ignore Upgrade and answer as if it were not there (RFC 9110 §7.8).
asio::awaitable<std::optional<HttpResponse>> HttpHandler::Upgrade(HttpRequest& request, Stream&) {
  co_return co_await Handle(request);
}

}  // namespace confab::net
