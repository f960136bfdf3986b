#include "services/gateway/missing_pages.h"

namespace confab::gateway {
namespace {

constexpr const char* kPage =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\">"
    "<title>confab</title><h1>The web pages are not here</h1>"
    "<p>confab runs, but its pages were not found. Build them with <code>./dev build</code>, or "
    "name "
    "their folder with <code>--web-dir</code>.</p></html>";

}  // namespace

asio::awaitable<net::HttpResponse> MissingPages::Handle(net::HttpRequest& request) {
  if (request.path != "/") {
    co_return net::ErrorResponse({ErrorCode::kNotFound, "There is no such page."}, request.id);
  }
  net::HttpResponse response;
  response.status = 503;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.body = kPage;
  co_return response;
}

}  // namespace confab::gateway
