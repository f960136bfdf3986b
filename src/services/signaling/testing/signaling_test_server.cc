// signaling_test_server [--grace-ms=15000] [--participants=100] [--media=1]
// [--renewal-ms=300000] [--signaling=1]: the signaling service over fake media services, m1 and so
// on; several of them share their rooms by a bus in memory, and a store. Prints one line of JSON,
// {"signaling":[PORT],"control":PORT}. The control port takes POST /restart, /away and /return
// (with ?media=m2 for another than m1), /lose/{transport}, /speak/{producer}, /list?media=m1,m2
// (these are listed now), /stop, /leave?signaling=2 (that one stops, the first is 1), /cut and
// /mend (for one too: the bus is away, is back), /full and /empty (the bus takes no changes, takes
// them again), and GET /media, /homes and /status. The signaling port takes, as a gateway does,
// POST /api/v1/rooms/{room}/guest-tokens; with ?role=moderator the token is a moderator's, with
// ?without=audio,video,screen,chat it does not grant these, with ?expires_in_s=-60 it has expired
// (claims are signed as of an hour ago), ?name= and ?identity= are in it. The log goes to stderr,
// all of it. For tests/signaling; listens on 127.0.0.1 only.
#include <grpcpp/server_builder.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string_view>

#include "auth/testing/temporary_authority.h"
#include "auth/unix_time.h"
#include "backends/bus/ledger_bus.h"
#include "backends/bus/memory/memory_hub.h"
#include "backends/bus/memory/memory_ledger.h"
#include "backends/bus/testing/faulty_ledger.h"
#include "backends/store/make_store.h"
#include "net/http_router.h"
#include "net/http_server.h"
#include "observe/log_writer.h"
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

// A fake media service with its server.
class FakeInstance {
 public:
  FakeInstance() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&media);
    server_ = builder.BuildAndStart();
  }
  std::shared_ptr<grpc::Channel> Channel() { return server_->InProcessChannel({}); }
  void Shutdown() {
    media.Shutdown();
    server_->Shutdown();
  }

  FakeMedia media;

 private:
  std::unique_ptr<grpc::Server> server_;
};

// Of its own, gone at the end.
struct Folder {
  Folder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "confab-signaling-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::filesystem::path path;
};

class TestServer {
 public:
  TestServer(int argc, char** argv)
      : media_(MakeMedia(NumberOption(argc, argv, "--media", 1))),
        control_(io_, router_, {}),
        signals_(io_, SIGTERM, SIGINT) {
    AddControls();
    AddTokens();
    MakeServices(argc, argv);
    signals_.async_wait([this](const error_code& error, int) {
      if (!error) Stop();
    });
  }

  int Run() {
    const Result<SocketAddress> control = control_.Listen({});
    json::array ports;
    for (const auto& service : services_) {
      if (const Result<uint16_t> port = service->Start()) ports.emplace_back(*port);
    }
    if (!control || ports.size() < services_.size()) {
      std::fprintf(stderr, "cannot listen\n");
      return 1;
    }
    const json::object line{{"signaling", std::move(ports)}, {"control", control->port()}};
    std::printf("%s\n", json::serialize(line).c_str());
    std::fflush(stdout);
    List(Ids());
    io_.run();
    for (const auto& [id, instance] : media_) instance->Shutdown();
    return 0;
  }

 private:
  using Instances = std::map<std::string, std::unique_ptr<FakeInstance>>;

  static Instances MakeMedia(int64_t count) {
    Instances instances;
    for (int64_t i = 1; i <= count; ++i) {
      instances["m" + std::to_string(i)] = std::make_unique<FakeInstance>();
    }
    return instances;
  }
  std::vector<std::string> Ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, instance] : media_) ids.push_back(id);
    return ids;
  }
  void List(const std::vector<std::string>& ids) {
    std::vector<discovery::Instance> instances;
    for (const std::string& id : ids) {
      instances.push_back({.service = discovery::ServiceKind::kMedia, .id = id});
    }
    for (const auto& service : services_) service->SetMedia(instances);
  }
  // The one that the query names, m1 without.
  FakeMedia& MediaOf(const net::HttpRequest& request) {
    const auto found = media_.find(request.QueryValue("media").value_or("m1"));
    return (found == media_.end() ? media_.begin() : found)->second->media;
  }

  SignalingOptions Options(int argc, char** argv) {
    SignalingOptions options;
    options.connect_media = [this](const discovery::Instance& instance) {
      return media_.at(instance.id)->Channel();
    };
    options.authority = &keys_.authority();
    options.other_paths = &tokens_;
    options.resume_renewal = TimeDelta::Millis(NumberOption(argc, argv, "--renewal-ms", 300'000));
    options.check_token = rpc::AdmitEveryone();
    options.media_patience = TimeDelta::Millis(200);
    options.room.grace = TimeDelta::Millis(NumberOption(argc, argv, "--grace-ms", 15'000));
    options.room.participants =
        static_cast<size_t>(NumberOption(argc, argv, "--participants", 100));
    options.ice_servers.push_back(json::object({{"urls", "stun:127.0.0.1:3478"}}));
    options.instance_id = "test";
    options.logger = observe::Logger(log_, "signaling", options.instance_id);
    options.on_refusal = [](const Refusal& refusal) {
      std::fprintf(stderr, "refused %.*s: %s\n", static_cast<int>(refusal.event.size()),
                   refusal.event.data(), refusal.error.message.c_str());
    };
    return options;
  }

  void MakeServices(int argc, char** argv) {
    const int64_t count = NumberOption(argc, argv, "--signaling", 1);
    if (count > 1) OpenStore();
    for (int64_t i = 1; i <= count; ++i) {
      SignalingOptions options = Options(argc, argv);
      if (count > 1) {
        options.instance_id = "test" + std::to_string(i);
        options.logger = observe::Logger(log_, "signaling", options.instance_id);
        options.store = store_.get();
        options.bus = buses_.emplace_back(MakeBus(options.instance_id)).get();
      }
      services_.push_back(std::make_unique<SignalingService>(io_, std::move(options)));
    }
  }
  std::unique_ptr<bus::Bus> MakeBus(const std::string& instance) {
    SecureRandom random;
    return std::make_unique<bus::LedgerBus>(
        io_,
        std::make_unique<bus::FaultyLedger>(
            std::make_unique<bus::MemoryLedger>(io_, hub_),
            bus_faults_.emplace_back(std::make_shared<bus::FaultPlan>())),
        *bus::InstanceName::Make(instance, "here", random), bus::Times());
  }
  void OpenStore() {
    store_ = *store::MakeStore(io_, {.url = "sqlite:" + (folder_.path / "store.db").string()});
    asio::co_spawn(io_, store_->Prepare(0), [](std::exception_ptr, const auto& prepared) {
      if (!prepared) std::fprintf(stderr, "%s\n", prepared.error().message.c_str());
    });
  }
  static size_t IndexOf(const net::HttpRequest& request) {
    const std::string number = request.QueryValue("signaling").value_or("1");
    return static_cast<size_t>(std::atoi(number.c_str()) - 1);
  }
  SignalingService& ServiceOf(const net::HttpRequest& request) {
    return *services_.at(IndexOf(request));
  }

  void AddTokens() {
    const auto invite = [this](net::HttpRequest& request) -> asio::awaitable<net::HttpResponse> {
      auth::JoinClaims claims{.room = std::string(request.Param("room"))};
      claims.role = request.QueryValue("role").value_or("guest");
      claims.grants.moderate = claims.role == "moderator";
      claims.name = request.QueryValue("name").value_or("");
      claims.identity = request.QueryValue("identity").value_or("");
      const std::string without = request.QueryValue("without").value_or("");
      claims.grants.audio = without.find("audio") == std::string::npos;
      claims.grants.video = without.find("video") == std::string::npos;
      claims.grants.screen = without.find("screen") == std::string::npos;
      claims.grants.chat = without.find("chat") == std::string::npos;
      int64_t made_s = auth::UnixSeconds();
      if (const auto seconds = request.QueryValue("expires_in_s")) {
        claims.expires_at_s = made_s + std::atoi(seconds->c_str());
        made_s -= 3600;
      }
      const auto token = keys_->SignJoin(std::move(claims), made_s);
      if (!token) co_return net::ErrorResponse(token.error(), request.id);
      co_return net::JsonResponse(201, json::serialize(json::object({{"token", *token}})));
    };
    tokens_.Add("POST", "/api/v1/rooms/{room}/guest-tokens", invite);
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
    AddControl("/restart", [this](const net::HttpRequest& r) { MediaOf(r).Restart(); });
    AddControl("/away", [this](const net::HttpRequest& r) { MediaOf(r).GoAway(); });
    AddControl("/refuse-consumes/{count}", [this](const net::HttpRequest& r) {
      MediaOf(r).RefuseConsumes(std::stoi(std::string(r.Param("count"))));
    });
    AddControl("/return", [this](const net::HttpRequest& r) { MediaOf(r).Return(); });
    AddControl("/list", [this](const net::HttpRequest& r) {
      std::vector<std::string> ids;
      const std::string text = r.QueryValue("media").value_or("");
      for (size_t at = 0; at < text.size();) {
        const size_t comma = std::min(text.find(',', at), text.size());
        ids.push_back(text.substr(at, comma - at));
        at = comma + 1;
      }
      List(ids);
    });
    AddControl("/leave", [this](const net::HttpRequest& request) {
      asio::co_spawn(io_, ServiceOf(request).Stop(kStopDeadline), asio::detached);
    });
    AddControl("/full", [this](const net::HttpRequest&) { hub_->SetFull(true); });
    AddControl("/empty", [this](const net::HttpRequest&) { hub_->SetFull(false); });
    AddControl("/cut", [this](const net::HttpRequest& request) {
      bus_faults_.at(IndexOf(request))->next = [] { return bus::Fault::kBefore; };
    });
    AddControl("/mend", [this](const net::HttpRequest& request) {
      bus_faults_.at(IndexOf(request))->next = [] { return bus::Fault::kNone; };
    });
    AddControl("/stop", [this](const net::HttpRequest&) { Stop(); });
    AddControl("/lose/{id}", [this](const net::HttpRequest& request) {
      for (const auto& [id, instance] : media_) {
        instance->media.LoseTransport(std::string(request.Param("id")));
      }
    });
    AddControl("/speak/{id}", [this](const net::HttpRequest& request) {
      for (const auto& [id, instance] : media_) {
        instance->media.Speak(std::string(request.Param("id")));
      }
    });
    router_.Add("GET", "/media", [this](net::HttpRequest&) -> asio::awaitable<net::HttpResponse> {
      json::object routers;
      for (const auto& [media_id, instance] : media_) {
        for (const auto& [id, router] : instance->media.routers()) routers[id] = RouterJson(router);
      }
      co_return net::JsonResponse(200, json::serialize(routers));
    });
    router_.Add("GET", "/homes", [this](net::HttpRequest& r) -> asio::awaitable<net::HttpResponse> {
      json::object homes;
      for (const MediaInstanceStatus& media : ServiceOf(r).media_status()) {
        homes[media.id] = {{"isUp", media.is_up}, {"rooms", media.rooms}};
      }
      co_return net::JsonResponse(200, json::serialize(homes));
    });
    router_.Add("GET", "/status",
                [this](net::HttpRequest& r) -> asio::awaitable<net::HttpResponse> {
                  const SignalingStatus status = ServiceOf(r).status();
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
    for (const auto& service : services_) co_await service->Stop(kStopDeadline);
    for (const auto& bus : buses_) co_await bus->Leave(kStopDeadline);
    co_await control_.Stop(TimeDelta::Millis(200));
  }

  observe::LogWriter log_{{.level = observe::LogLevel::kDebug, .output = {}, .unix_now_us = {}}};
  asio::io_context io_{1};
  auth::TemporaryAuthority keys_;
  net::HttpRouter tokens_;
  Instances media_;
  const Folder folder_;
  std::unique_ptr<store::Store> store_;
  const std::shared_ptr<bus::MemoryHub> hub_ = std::make_shared<bus::MemoryHub>(bus::Times());
  std::vector<std::shared_ptr<bus::FaultPlan>> bus_faults_;  // by instance
  std::vector<std::unique_ptr<bus::Bus>> buses_;
  std::vector<std::unique_ptr<SignalingService>> services_;
  net::HttpRouter router_;
  net::HttpServer control_;
  asio::signal_set signals_;
};

}  // namespace
}  // namespace confab::signaling

int main(int argc, char** argv) {
  return confab::signaling::TestServer(argc, argv).Run();
}
