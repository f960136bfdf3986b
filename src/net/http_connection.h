#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/event.h"
#include "net/http_server.h"
#include "net/stream.h"

namespace confab::net {

// One accepted connection of an HttpServer: reads requests, asks the handler, writes responses. It
// reads ahead while the handler is at work, to notice that the client has gone. Owned by its
// coroutine; shared with the one pending read.
class HttpConnection final : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(std::shared_ptr<HttpServer::State> server, asio::ip::tcp::socket socket);
  ~HttpConnection();

  // The whole life of the connection. Never throws.
  asio::awaitable<void> Run(std::shared_ptr<const TlsContext> tls);
  // No request is being worked on: may be closed at any time.
  bool is_idle() const { return is_idle_; }
  void Close() { stream_.Close(); }

 private:
  struct Failure {
    unsigned status;
    Error error;
  };
  enum class After { kKeepAlive, kClose };

  asio::awaitable<void> Serve();
  // Says goodbye and reads on until the client has closed too, so that a response in flight is not
  // reset (RFC 9112 §9.6). Bounded.
  asio::awaitable<void> Part();
  // The next request; nothing when the connection is over (or the client was told what is wrong).
  asio::awaitable<bool> ReadRequest(HttpRequest& request);
  asio::awaitable<bool> Fill();
  std::string MakeId();
  void StartRead(size_t max_bytes);
  asio::awaitable<std::optional<HttpResponse>> Ask(HttpRequest& request);
  asio::awaitable<After> Answer(HttpRequest& request);
  asio::awaitable<After> Write(const HttpRequest& request, const HttpResponse& response,
                               After after);
  asio::awaitable<void> Refuse(Failure failure);

  // Shared by all connections and the server: see HttpServer.
  std::shared_ptr<HttpServer::State> server_;
  Stream stream_;
  std::string in_;  // read and not yet parsed
  Event read_done_;
  bool is_reading_ = false;
  bool is_closed_ = false;  // a read failed
  bool is_idle_ = true;
  bool keep_alive_ = true;  // what the current request asks for
  HttpRequest* current_ = nullptr;
};

}  // namespace confab::net
