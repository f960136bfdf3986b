#include "backends/discovery/testing/small_consul.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <utility>

namespace confab::discovery {
namespace {

namespace json = boost::json;

constexpr std::string_view kRegister = "/v1/agent/service/register";
constexpr std::string_view kDeregister = "/v1/agent/service/deregister/";
constexpr std::string_view kPass = "/v1/agent/check/pass/service:";
constexpr std::string_view kHealth = "/v1/health/service/";

std::string TextOf(const json::value& value) {
  const json::string& text = value.as_string();
  return {text.data(), text.size()};
}

// "30000ms", as ConsulApi writes it.
TimeDelta WaitOf(const net::HttpRequest& request) {
  return TimeDelta::Millis(std::stoll(request.QueryValue("wait").value_or("0")));
}

}  // namespace

net::HttpResponse HealthResponse(std::string json, std::string index) {
  auto response = net::JsonResponse(200, std::move(json));
  if (!index.empty()) response.headers.Set("X-Consul-Index", std::move(index));
  return response;
}

SmallConsul::SmallConsul(asio::io_context& io)
    : io_(io), never_(io.get_executor()), server_(io, *this, {}) {
  const auto address = server_.Listen({});
  if (!address) throw std::runtime_error(address.error().message);
  port_ = address->port();
}

std::string SmallConsul::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

size_t SmallConsul::Count(std::string_view begin) const {
  return static_cast<size_t>(std::ranges::count_if(
      requests, [begin](const Request& each) { return each.line.starts_with(begin); }));
}

void SmallConsul::LoseEverything() {
  services_.clear();
  index_ = 0;
  Touch();
}

void SmallConsul::Touch() {
  ++index_;
  for (net::Event* event : std::exchange(waiting_, {})) event->Set();
}

asio::awaitable<net::HttpResponse> SmallConsul::Handle(net::HttpRequest& request) {
  requests.push_back({request.method + " " + request.target, request.body,
                      std::string(request.headers.Value("X-Consul-Token"))});
  if (hang) co_await never_.Wait();
  if (spoil) {
    if (auto answer = spoil(request)) co_return std::move(*answer);
  }
  if (hold_registrations && request.path == kRegister) co_await hold_registrations->Wait();
  if (request.method == "PUT") co_return Put(request);
  co_return co_await Health(request);
}

net::HttpResponse SmallConsul::Put(const net::HttpRequest& request) {
  const std::string_view path = request.path;
  if (path == kRegister) {
    json::object service = json::parse(request.body).as_object();
    std::string id = TextOf(service.at("ID"));
    services_[std::move(id)] = std::move(service);
    Touch();
  } else if (path.starts_with(kDeregister)) {
    services_.erase(std::string(path.substr(kDeregister.size())));
    Touch();
  } else if (!path.starts_with(kPass) ||
             !services_.contains(std::string(path.substr(kPass.size())))) {
    return net::TextResponse(404, "Unknown check ID");
  }
  return net::TextResponse(200, "");
}

asio::awaitable<net::HttpResponse> SmallConsul::Health(net::HttpRequest& request) {
  const std::string name = request.path.substr(kHealth.size());
  const uint64_t asked = std::stoull(request.QueryValue("index").value_or("0"));
  request.on_client_gone = [this] { ++clients_gone; };
  while (asked > 0 && index_ <= asked) {
    net::Event changed(io_.get_executor());
    waiting_.push_back(&changed);
    co_await changed.Wait(WaitOf(request));
    std::erase(waiting_, &changed);
    if (!changed.is_set()) break;
    if (index_ < asked) break;  // as Consul's own queries end when its data was replaced
  }
  json::array entries;
  for (const auto& [id, service] : services_) {
    if (TextOf(service.at("Name")) != name) continue;
    entries.push_back(
        json::object{{"Node", json::object{{"Address", "127.0.0.1"}}}, {"Service", service}});
  }
  co_return HealthResponse(json::serialize(entries), std::to_string(index_));
}

}  // namespace confab::discovery
