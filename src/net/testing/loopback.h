#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_handler.h"
#include "net/http_server.h"
#include "net/stream.h"

// For tests of what runs on sockets: everything on 127.0.0.1 and one io_context.
namespace confab::net {

// A test that hangs fails after it.
inline constexpr std::chrono::seconds kTestLimit(60);

// Runs the io_context until `work` has ended. What else is pending stays so.
template <typename T>
T RunOn(asio::io_context& io, asio::awaitable<T> work) {
  std::optional<T> result;
  asio::co_spawn(io, std::move(work), [&](std::exception_ptr failure, T value) {
    if (failure) std::rethrow_exception(failure);
    result = std::move(value);
    io.stop();
  });
  io.restart();
  io.run_for(kTestLimit);
  if (!result) throw std::runtime_error("the work did not end");
  return std::move(*result);
}

// Reads until `stream` ends or the text contains `end`.
inline asio::awaitable<std::string> ReadUntil(Stream& stream, std::string_view end) {
  std::string text;
  std::array<char, 4096> chunk;
  for (;;) {
    const auto count = co_await stream.Read(asio::buffer(chunk));
    if (!count) co_return text;
    text.append(chunk.data(), *count);
    if (!end.empty() && text.find(end) != text.npos) co_return text;
  }
}

inline asio::awaitable<bool> Send(Stream& stream, std::string_view text) {
  const std::array<asio::const_buffer, 2> bytes{asio::buffer(text), asio::const_buffer()};
  const auto written = co_await stream.WriteAll(bytes);
  co_return written.has_value();
}

inline asio::awaitable<Stream> Connect(uint16_t port) {
  auto stream = co_await ConnectTcp("127.0.0.1", port, TimeDelta::Seconds(10));
  if (!stream) throw std::runtime_error(stream.error().message);
  co_return std::move(*stream);
}

// Sends `request` on a new connection and returns all that comes until the end.
inline asio::awaitable<std::string> Exchange(uint16_t port, std::string request) {
  Stream stream = co_await Connect(port);
  co_await Send(stream, request);
  co_return co_await ReadUntil(stream, "");
}

// A handler from a function.
class FunctionHandler final : public HttpHandler {
 public:
  explicit FunctionHandler(HttpFunction function) : function_(std::move(function)) {}
  asio::awaitable<HttpResponse> Handle(HttpRequest& request) override { return function_(request); }

 private:
  HttpFunction function_;
};

}  // namespace confab::net
