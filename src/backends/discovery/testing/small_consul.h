#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backends/discovery/discovery.h"
#include "net/event.h"
#include "net/http_handler.h"
#include "net/http_server.h"

namespace confab::discovery {

// As much of Consul as ConsulApi asks for, on the io_context of the test, with answers that can be
// spoiled. How Consul really behaves is told by tests/consul, not by this.
class SmallConsul final : public net::HttpHandler {
 public:
  explicit SmallConsul(asio::io_context& io);

  std::string url() const;

  struct Request {
    std::string line;  // "GET /v1/…"
    std::string body;
    std::string token;
  };
  // In the order of their coming.
  std::vector<Request> requests;
  // Of those that begin so.
  size_t Count(std::string_view begin) const;
  // Requests whose client went away before the answer.
  size_t clients_gone = 0;

  // What it gives is the answer instead.
  using Spoil = std::function<std::optional<net::HttpResponse>(const net::HttpRequest&)>;
  Spoil spoil;
  // Requests are taken and never answered.
  bool hang = false;
  // Registrations are carried out when this is set.
  net::Event* hold_registrations = nullptr;

  // As an agent that is started anew without its data: nothing is registered, the index is low.
  void LoseEverything();
  // Queries that wait are answered: something has changed, though not for them.
  void Touch();
  size_t registered() const { return services_.size(); }

  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest& request) override;

 private:
  net::HttpResponse Put(const net::HttpRequest& request);
  asio::awaitable<net::HttpResponse> Health(net::HttpRequest& request);

  asio::io_context& io_;
  std::map<std::string, boost::json::object> services_;  // as registered, by their service ids
  uint64_t index_ = 1;
  std::vector<net::Event*> waiting_;  // of blocking queries, in their coroutines
  net::Event never_;
  net::HttpServer server_;
  uint16_t port_ = 0;
};

// An answer of /v1/health/service with this index.
net::HttpResponse HealthResponse(std::string json, std::string index);

}  // namespace confab::discovery
