// protocol_server [--port=3000] [--ping-interval-ms=300] …: the server that the published suites of
// Engine.IO and Socket.IO, and tests/conformance, talk to. Prints "listening PORT".
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

#include "net/http_router.h"
#include "net/http_server.h"
#include "socketio/engine_server.h"
#include "socketio/server.h"
#include "socketio/testing/protocol_handlers.h"

namespace confab::socketio {
namespace {

// Sends every message back: what the Engine.IO suite expects.
class Echo final : public EngineListener {
 public:
  explicit Echo(EngineSession& session) : session_(session) {}
  void OnText(std::string_view text) override {
    session_.Send(TextFrame(EngineType::kMessage, text));
  }
  void OnBinary(Blob bytes) override { session_.Send(BinaryFrame(bytes)); }
  void OnClosed(DisconnectReason) override {}

 private:
  EngineSession& session_;
};

// --name=number
int64_t NumberOption(int argc, char** argv, std::string_view name, int64_t value) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    if (!argument.starts_with("--" + std::string(name) + "=")) continue;
    const auto text = argument.substr(name.size() + 3);
    std::from_chars(text.data(), text.data() + text.size(), value);
  }
  return value;
}

int Run(int argc, char** argv) {
  const auto option = [&](std::string_view name, int64_t value) {
    return NumberOption(argc, argv, name, value);
  };
  ServerOptions options;
  options.engine.ping_interval = TimeDelta::Millis(option("ping-interval-ms", 300));
  options.engine.ping_timeout = TimeDelta::Millis(option("ping-timeout-ms", 200));
  options.engine.max_payload = static_cast<size_t>(option("max-payload", 1'000'000));
  options.engine.max_queued_bytes = static_cast<size_t>(option("max-queued-bytes", 4 << 20));
  options.engine.max_sessions = static_cast<size_t>(option("max-sessions", 1000));
  options.engine.cors_origins = {"*"};
  options.connect_timeout = TimeDelta::Millis(option("connect-timeout-ms", 1000));

  asio::io_context io(1);
  Server server(io, options);
  AddSuiteHandlers(server);
  AddTestHandlers(server);
  EngineServer echo(io.get_executor(), options.engine,
                    [](EngineSession& session) { return std::make_shared<Echo>(session); });
  net::HttpRouter router;
  router.AddPrefix("/socket.io/", server);
  router.AddPrefix("/engine.io/", echo);
  net::HttpServer http(io, router, {});
  net::HttpListenOptions listen;
  listen.address = "::";
  listen.port = static_cast<uint16_t>(option("port", 3000));
  const auto address = http.Listen(listen);
  if (!address) {
    std::fprintf(stderr, "%s\n", address.error().message.c_str());
    return 1;
  }
  std::printf("listening %d\n", address->port());
  std::fflush(stdout);
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](error_code, int) {
    server.Stop();
    const auto end = [&]() -> asio::awaitable<void> {
      co_await http.Stop(TimeDelta::Seconds(1));
      io.stop();
    };
    asio::co_spawn(io, end, asio::detached);
  });
  io.run();
  return 0;
}

}  // namespace
}  // namespace confab::socketio

int main(int argc, char** argv) {
  return confab::socketio::Run(argc, argv);
}
