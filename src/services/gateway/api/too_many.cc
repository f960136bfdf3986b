#include "services/gateway/api/too_many.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace confab::gateway {

net::HttpResponse TooMany(const net::HttpRequest& request, TimeDelta wait) {
  const int64_t wait_ms = wait.ms() + 1;
  boost::json::object error{{"code", ToString(ErrorCode::kRateLimited)},
                            {"message", "Too many requests; wait a moment and ask again."},
                            {"id", request.id},
                            {"retry_after_ms", wait_ms}};
  net::HttpResponse response = net::JsonResponse(
      429, boost::json::serialize(boost::json::object{{"error", std::move(error)}}));
  response.headers.Set("Retry-After", std::to_string(wait_ms / 1000 + 1));
  return response;
}

}  // namespace confab::gateway
