#include "services/gateway/signaling_routes.h"

#include <algorithm>
#include <numeric>

#include "base/rendezvous.h"

namespace confab::gateway {
namespace {

net::Upstream UpstreamOf(const discovery::Instance& instance) {
  return {.host = instance.host, .port = instance.http_port};
}

// Engine.IO 4: what a server answers to a session that it does not know. Clients begin anew.
net::HttpResponse UnknownSession() {
  net::HttpResponse response =
      net::JsonResponse(400, R"({"code":1,"message":"Session ID unknown"})");
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

}  // namespace

void SignalingRoutes::Set(std::vector<discovery::Instance> instances) {
  std::erase_if(instances, [](const auto& instance) { return instance.http_port == 0; });
  std::ranges::sort(instances, {}, &discovery::Instance::id);
  instances_ = std::move(instances);
  ids_.clear();
  for (const discovery::Instance& instance : instances_) ids_.push_back(instance.id);
  std::erase_if(skipped_, [&](const auto& entry) {
    return std::ranges::none_of(instances_, [&](const discovery::Instance& instance) {
      return entry.first == std::pair(instance.host, instance.http_port);
    });
  });
}

net::HttpProxy::Choice SignalingRoutes::Choose(const net::HttpRequest& request, Timestamp now) {
  if (const auto sid = request.QueryValue("sid")) return ForSession(*sid);
  if (instances_.empty()) {
    const Error error{ErrorCode::kUnavailable,
                      "No signaling instance is known yet: try again in a moment."};
    return std::unexpected(net::ErrorResponse(503, error, request.id));
  }
  std::vector<size_t> order = OrderFor(request);
  std::ranges::stable_partition(order, [&](size_t i) { return !IsSkipped(instances_[i], now); });
  std::vector<net::Upstream> upstreams;
  for (const size_t i : order) upstreams.push_back(UpstreamOf(instances_[i]));
  return upstreams;
}

net::HttpProxy::Choice SignalingRoutes::ForSession(std::string_view sid) const {
  const size_t dot = sid.find('.');
  const auto found = std::ranges::find(ids_, sid.substr(0, dot));
  if (dot == sid.npos || found == ids_.end()) return std::unexpected(UnknownSession());
  const size_t i = static_cast<size_t>(found - ids_.begin());
  return std::vector{UpstreamOf(instances_[i])};
}

std::vector<size_t> SignalingRoutes::OrderFor(const net::HttpRequest& request) {
  const auto room = request.QueryValue("room");
  if (room && !room->empty()) return RendezvousOrder(*room, ids_);
  std::vector<size_t> order(instances_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::rotate(order, order.begin() + static_cast<ptrdiff_t>(next_++ % order.size()));
  return order;
}

bool SignalingRoutes::IsSkipped(const discovery::Instance& instance, Timestamp now) const {
  const auto found = skipped_.find({instance.host, instance.http_port});
  return found != skipped_.end() && now < found->second;
}

void SignalingRoutes::Skip(const net::Upstream& upstream, Timestamp now) {
  const bool is_known = std::ranges::any_of(instances_, [&](const discovery::Instance& instance) {
    return instance.host == upstream.host && instance.http_port == upstream.port;
  });
  if (is_known) skipped_[{upstream.host, upstream.port}] = now + kSkipTime;
}

}  // namespace confab::gateway
