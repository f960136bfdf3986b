// signaling_test_server [--grace-ms=15000] [--participants=100]: the signaling service over a fake
// media service. Prints one line of JSON, {"signaling":PORT,"control":PORT}. The control port takes
// POST /restart, /away, /return, /lose/{transport}, /speak/{producer}, /stop, and GET /media and
// /status. For tests/signaling; listens on 127.0.0.1 only.
#include <grpcpp/server_builder.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cstdio>
#include <memory>
#include <string_view>

#include "net/http_router.h"
#include "net/http_server.h"
#include "services/signaling/signaling_service.h"
#include "services/signaling/testing/fake_media.h"

namespace confab::signaling {
namespace {

constexpr TimeDelta kStopDeadline = TimeDelta::Seconds(2);

int64_t NumberOption(int argc, char** argv, std::string_view name, int64_t value) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    if (!argument.starts_with(std::string(name) + "=")) continue;
    const std::string_view text = argument.substr(name.size() + 1);
    std::from_chars(text.data(), text.data() + text.size(), value);
  }
  return value;
}

json::object RouterJson(const FakeMedia::Router& router) {
  json::object transports;
  for (const auto& [id, transport] : router.transports) {
    transports[id] = {{"hasDtls", transport.has_dtls}};
  }
  json::object producers;
  for (const auto& [id, producer] : router.producers) {
    producers[id] = {{"paused", producer.paused},
                     {"cname", producer.cname},
                     {"keyframeRequests", producer.keyframe_requests}};
  }
  json::object consumers;
  for (const auto& [id, consumer] : router.consumers) {
    consumers[id] = {{"paused", consumer.paused}, {"producerId", consumer.producer_id}};
  }
  return {{"transports", std::move(transports)},
          {"producers", std::move(producers)},
          {"consumers", std::move(consumers)}};
}

class TestServer {
 public:
  TestServer(int argc, char** argv)
      : grpc_(Build()),
        service_(io_, Options(argc, argv)),
        control_(io_, router_, {}),
        signals_(io_, SIGTERM, SIGINT) {
    AddControls();
    signals_.async_wait([this](const error_code& error, int) {
      if (!error) Stop();
    });
  }

  int Run() {
    const Result<uint16_t> signaling = service_.Start();
    const Result<SocketAddress> control = control_.Listen({});
    if (!signaling || !control) {
      std::fprintf(stderr, "cannot listen\n");
      return 1;
    }
    std::printf("{\"signaling\":%d,\"control\":%d}\n", *signaling, control->port());
    std::fflush(stdout);
    io_.run();
    media_.Shutdown();
    grpc_->Shutdown();
    return 0;
  }

 private:
  std::unique_ptr<grpc::Server> Build() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&media_);
    return builder.BuildAndStart();
  }

  SignalingOptions Options(int argc, char** argv) {
    SignalingOptions options;
    options.media = grpc_->InProcessChannel({});
    options.room.grace = TimeDelta::Millis(NumberOption(argc, argv, "--grace-ms", 15'000));
    options.room.participants =
        static_cast<size_t>(NumberOption(argc, argv, "--participants", 100));
    options.ice_servers.push_back(json::object({{"urls", "stun:127.0.0.1:3478"}}));
    options.instance_id = "test";
    options.on_refusal = [](const Refusal& refusal) {
      std::fprintf(stderr, "refused %.*s: %s\n", static_cast<int>(refusal.event.size()),
                   refusal.event.data(), refusal.error.message.c_str());
    };
    return options;
  }

  void AddControl(std::string_view path, std::function<void(const net::HttpRequest&)> act) {
    router_.Add(
        "POST", path,
        [act = std::move(act)](net::HttpRequest& request) -> asio::awaitable<net::HttpResponse> {
          act(request);
          co_return net::JsonResponse(200, "{}");
        });
  }

  void AddControls() {
    AddControl("/restart", [this](const net::HttpRequest&) { media_.Restart(); });
    AddControl("/away", [this](const net::HttpRequest&) { media_.GoAway(); });
    AddControl("/return", [this](const net::HttpRequest&) { media_.Return(); });
    AddControl("/stop", [this](const net::HttpRequest&) { Stop(); });
    AddControl("/lose/{id}", [this](const net::HttpRequest& request) {
      media_.LoseTransport(std::string(request.Param("id")));
    });
    AddControl("/speak/{id}", [this](const net::HttpRequest& request) {
      media_.Speak(std::string(request.Param("id")));
    });
    router_.Add("GET", "/media", [this](net::HttpRequest&) -> asio::awaitable<net::HttpResponse> {
      json::object routers;
      for (const auto& [id, router] : media_.routers()) routers[id] = RouterJson(router);
      co_return net::JsonResponse(200, json::serialize(routers));
    });
    router_.Add("GET", "/status", [this](net::HttpRequest&) -> asio::awaitable<net::HttpResponse> {
      const SignalingStatus status = service_.status();
      co_return net::JsonResponse(
          200, json::serialize(json::object({{"connections", status.connections},
                                             {"rooms", status.rooms},
                                             {"participants", status.participants},
                                             {"mediaIsUp", status.media_is_up}})));
    });
  }

  void Stop() {
    signals_.cancel();
    asio::co_spawn(io_, StopAll(), [this](std::exception_ptr) { io_.stop(); });
  }
  asio::awaitable<void> StopAll() {
    co_await service_.Stop(kStopDeadline);
    co_await control_.Stop(TimeDelta::Millis(200));
  }

  asio::io_context io_{1};
  FakeMedia media_;
  std::unique_ptr<grpc::Server> grpc_;
  SignalingService service_;
  net::HttpRouter router_;
  net::HttpServer control_;
  asio::signal_set signals_;
};

}  // namespace
}  // namespace confab::signaling

int main(int argc, char** argv) {
  return confab::signaling::TestServer(argc, argv).Run();
}
