#pragma once

#include <memory>
#include <thread>

#include "net/asio.h"
#include "net/http_router.h"
#include "net/http_server.h"
#include "services/media/control_api.h"

namespace confab::bench {

// The media service's CreateTransport and Close as HTTP with JSON, on a thread of its own. It runs
// the same code on the same workers as gRPC does; only the way there differs. Checks a bearer
// token.
class HttpService {
 public:
  // The API must outlive it.
  explicit HttpService(media::ControlApi& api);
  ~HttpService();
  HttpService(const HttpService&) = delete;
  HttpService& operator=(const HttpService&) = delete;

  uint16_t port() const { return port_; }

 private:
  template <typename Request, typename Response>
  void Add(const char* path,
           grpc::ServerUnaryReactor* (media::ControlApi::*method)(grpc::CallbackServerContext*,
                                                                  const Request*, Response*));

  media::ControlApi& api_;
  asio::io_context io_{1};
  net::HttpRouter router_;
  net::HttpServer server_;
  uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace confab::bench
