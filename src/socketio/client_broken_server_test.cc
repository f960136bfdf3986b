#include "net/testing/loopback.h"
#include "net/websocket.h"
#include "socketio/client.h"

namespace confab::socketio {
namespace {

using net::RunOn;

// Says `frames` after the handshake, then waits for the end: what no real server would say.
class ScriptedServer final : public net::HttpHandler {
 public:
  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest&) override {
    co_return net::TextResponse(404, "");
  }
  asio::awaitable<std::optional<net::HttpResponse>> Upgrade(net::HttpRequest& request,
                                                            net::Stream& stream) override {
    net::WebSocket ws(stream, 100'000);
    const auto accepted = co_await ws.Accept(request);
    if (!accepted) co_return std::nullopt;
    for (const std::string& frame : frames) {
      // 'b' begins a binary frame, as in a polling payload.
      const bool is_binary = frame.starts_with('b');
      const auto kind =
          is_binary ? net::WebSocketMessage::Kind::kBinary : net::WebSocketMessage::Kind::kText;
      const auto written = co_await ws.Write(kind, std::string_view(frame).substr(is_binary));
      if (!written) break;
    }
    for (;;) {
      const auto message = co_await ws.Read();
      if (!message) co_return std::nullopt;
    }
  }

  std::vector<std::string> frames;
};

class ClientOfABrokenServer : public testing::Test {
 protected:
  // The sentence with which a connection to a server that says `frames` ends, or "" where a later
  // Next() brings an event.
  std::string EndAfter(std::vector<std::string> frames) {
    ScriptedServer scripted;
    scripted.frames = std::move(frames);
    net::HttpServer http(io_, scripted, {});
    ClientOptions options;
    options.url = "http://127.0.0.1:" + std::to_string(http.Listen({})->port());
    options.connect_limit = TimeDelta::Seconds(30);
    const auto client = RunOn(io_, Client::Connect(std::move(options)));
    std::string end = client ? "" : client.error().message;
    if (client) {
      const auto event = RunOn(io_, (*client)->Next());
      if (!event) end = event.error().message;
    }
    const auto stop = [&]() -> asio::awaitable<bool> {
      co_await http.Stop({});
      co_return true;
    };
    RunOn(io_, stop());
    return end;
  }

  asio::io_context io_;
};

TEST_F(ClientOfABrokenServer, EndsWhereThePingsStop) {
  EXPECT_EQ(EndAfter({R"(0{"pingInterval":20,"pingTimeout":10})", "40{}"}),
            "The server's pings stopped.");
}

TEST_F(ClientOfABrokenServer, EndsOnWhatIsNoSocketIo) {
  const std::string open = R"(0{"pingInterval":25000,"pingTimeout":20000})";
  const std::vector<std::vector<std::string>> scripts = {
      {"x"},
      {"40{}"},
      {"0"},
      {"0[]"},
      {R"(0{"pingInterval":25000})"},
      {R"(0{"pingInterval":-1,"pingTimeout":1})"},
      {R"(0{"pingInterval":9223372036854775807,"pingTimeout":1})"},
      {"b0{}"},
      {open, "9"},
      {open, "3"},
      {open, "1"},
      {open, open},
      {open, "42[\"early\"]"},
      {open, "40[]"},
      {open, "bstray"},
      {open, "40{}", "40{}"},
      {open, "40{}", "42[]"},
      {open, "40{}", "42{"},
      {open, "40{}", "42/other,[\"a\"]"},
      {open, "40{}", "451-[\"a\"]", "42[\"b\"]"},
      {open, "40{}", R"(451-["a",{"_placeholder":true,"num":7}])", "bx"},
      {open, "40{}", "bstray"},
      {open, "44"},
  };
  for (const auto& script : scripts) {
    const std::string end = EndAfter(script);
    EXPECT_TRUE(end.starts_with("The server")) << script.back() << " ends with: " << end;
    EXPECT_EQ(end.find("in time"), std::string::npos) << script.back();
  }
  EXPECT_EQ(EndAfter({open, "40{}", "6", "430[]", "42[\"fine\"]"}), "");
}

}  // namespace
}  // namespace confab::socketio
