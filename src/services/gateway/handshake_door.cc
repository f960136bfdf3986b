#include "services/gateway/handshake_door.h"

#include "services/gateway/api/too_many.h"

namespace confab::gateway {

std::optional<net::HttpResponse> HandshakeDoor::TakePlace(const net::HttpRequest& request) {
  if (request.QueryValue("sid")) return std::nullopt;
  const auto wait = per_address_.Take(NameOfAddress(request.client), now_());
  if (!wait) return std::nullopt;
  return TooMany(request, *wait);
}

asio::awaitable<net::HttpResponse> HandshakeDoor::Handle(net::HttpRequest& request) {
  if (auto refusal = TakePlace(request)) co_return std::move(*refusal);
  co_return co_await inside_.Handle(request);
}

asio::awaitable<std::optional<net::HttpResponse>> HandshakeDoor::Upgrade(net::HttpRequest& request,
                                                                         net::Stream& stream) {
  if (auto refusal = TakePlace(request)) co_return std::move(*refusal);
  co_return co_await inside_.Upgrade(request, stream);
}

}  // namespace confab::gateway
