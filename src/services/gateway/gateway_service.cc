#include "services/gateway/gateway_service.h"

#include <boost/json.hpp>
#include <utility>

#include "auth/unix_time.h"
#include "base/check.h"
#include "net/clock.h"
#include "services/gateway/missing_pages.h"
#include "services/gateway/security_headers.h"
#include "services/gateway/turn/turn_probe.h"

namespace confab::gateway {
namespace {

namespace json = boost::json;
using net::HttpRequest;
using net::HttpResponse;

net::HttpHeaders DefaultHeaders(const GatewayOptions& options) {
  net::HttpHeaders headers = SecurityHeaders();
  if (options.tls && options.certificate == GatewayOptions::Trust::kTrusted) {
    AddTransportSecurity(headers);
  }
  return headers;
}

net::HttpServerOptions ServerOptions(const GatewayOptions& options, HttpMetrics& metrics) {
  net::HttpServerOptions server;
  server.max_connections = options.max_connections;
  server.trusted_proxies = options.trusted_proxies;
  server.default_headers = DefaultHeaders(options);
  server.on_trouble = [logger = options.logger](const std::string& why) {
    logger.Log(observe::LogLevel::kWarning, observe::LogEvent::kConnectionsRefused,
               {{"message", why}});
  };
  server.on_response = [&metrics](const HttpRequest& request, const HttpResponse& response,
                                  TimeDelta took) { metrics.Record(request, response, took); };
  return server;
}

HttpResponse Json(unsigned status, const json::value& value) {
  HttpResponse response = net::JsonResponse(status, json::serialize(value));
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

// A route that needs no waiting.
template <typename Function>
net::HttpFunction Immediate(Function function) {
  return [function](HttpRequest& request) -> asio::awaitable<HttpResponse> {
    co_return function(request);
  };
}

}  // namespace

GatewayService::GatewayService(asio::io_context& io, GatewayOptions options)
    : options_(std::move(options)),
      http_metrics_((CHECK(options_.metrics != nullptr), *options_.metrics), options_.logger),
      signaling_channels_(options_.connect),
      media_channels_(options_.connect),
      rooms_(io),
      media_(io),
      turn_(io, options_.turn_servers, {.region = options_.region}, AnswersStun),
      targets_(options_.tls ? ScrapeTargets::Gateways::kHttps : ScrapeTargets::Gateways::kHttp),
      api_(ApiOptions()),
      socketio_(
          [this](const HttpRequest& request) {
            return routes_.Choose(request, net::MonotonicNow());
          },
          ProxyOptions()),
      handshakes_(socketio_, options_.handshakes_per_address, net::MonotonicNow),
      origins_(router_, options_.origins),
      server_(io, origins_, ServerOptions(options_, http_metrics_)) {
  CHECK(options_.ready && options_.connect);
}

GatewayService::~GatewayService() = default;

Result<std::vector<SocketAddress>> GatewayService::Start() {
  if (auto pages = AddPages(); !pages) return std::unexpected(pages.error());
  AddRoutes();
  AddMetrics();
  turn_.Start();
  std::vector<SocketAddress> taken;
  for (const GatewayOptions::Address& address : options_.addresses) {
    net::HttpListenOptions listen;
    listen.address = address.ip;
    listen.port = taken.empty() ? options_.port : taken.front().port();
    listen.port_tries = taken.empty() ? options_.port_tries : uint16_t{1};
    listen.tls = options_.tls;
    const Result<SocketAddress> result = server_.Listen(listen);
    if (result) {
      taken.push_back(*result);
    } else if (address.need == GatewayOptions::Address::Need::kRequired) {
      return std::unexpected(result.error());
    }
  }
  return taken;
}

Api::Options GatewayService::ApiOptions() {
  CHECK(options_.authority != nullptr);
  return {.handlers = {.authority = *options_.authority,
                       .rooms = rooms_,
                       .media = media_,
                       .logs = logs_,
                       .version = options_.version,
                       .turn = options_.turn,
                       .turn_servers = [this] { return turn_.Offered(); },
                       .unix_seconds = auth::UnixSeconds,
                       .targets = targets_},
          .guests = options_.guests,
          .origins = options_.origins,
          .openid = options_.openid,
          .per_address = options_.per_address,
          .now = net::MonotonicNow,
          .logger = options_.logger};
}

void GatewayService::SetSignaling(std::vector<discovery::Instance> instances) {
  rooms_.SetPeers(signaling_channels_.Set(instances));
  routes_.Set(std::move(instances));
}

void GatewayService::SetMedia(const std::vector<discovery::Instance>& instances) {
  media_.SetPeers(media_channels_.Set(instances));
}

net::HttpProxyOptions GatewayService::ProxyOptions() {
  net::HttpProxyOptions options;
  options.on_away = [this](const net::Upstream& upstream) {
    routes_.Skip(upstream, net::MonotonicNow());
  };
  return options;
}

asio::awaitable<void> GatewayService::Stop(TimeDelta deadline) {
  co_await server_.Stop(deadline);
  sampled_metrics_.clear();
}

Result<void> GatewayService::AddPages() {
  if (options_.web_dir.empty()) {
    pages_ = std::make_unique<MissingPages>();
  } else {
    net::StaticFilesOptions files;
    files.root = options_.web_dir;
    files.rewrites = {{"/r/", "r.html"}};
    auto opened = net::StaticFiles::Open(std::move(files));
    if (!opened) return std::unexpected(opened.error());
    pages_ = std::move(*opened);
  }
  router_.SetFallback(*pages_);
  return {};
}

void GatewayService::AddRoutes() {
  router_.AddPrefix("/socket.io/", handshakes_);
  router_.Add("GET", "/healthz",
              Immediate([](const HttpRequest&) { return Json(200, {{"status", "ok"}}); }));
  router_.Add("GET", "/readyz", Immediate([this](const HttpRequest&) { return Ready(); }));
  router_.Add("GET", "/metrics",
              Immediate([this](const HttpRequest& request) { return Metrics(request); }));
  api_.AddTo(router_);
}

void GatewayService::AddMetrics() {
  using observe::SampleKind, observe::Sample;
  const auto sample = [this](const char* name, const char* help, SampleKind kind, auto read) {
    sampled_metrics_.push_back(options_.metrics->AddSampled({name, help}, kind, [read] {
      return std::vector<Sample>{{{}, static_cast<double>(read())}};
    }));
  };
  sample("confab_http_connections", "Open HTTP connections, WebSockets included.",
         SampleKind::kGauge, [this] { return server_.counters().open_connections; });
  sample("confab_http_refused_connections_total", "Connections beyond the limit.",
         SampleKind::kCounter, [this] { return server_.counters().refused_connections; });
  sample("confab_http_failed_accepts_total", "Connections that the system could not give.",
         SampleKind::kCounter, [this] { return server_.counters().failed_accepts; });
  sample("confab_http_bad_requests_total", "Requests that did not parse or passed a limit.",
         SampleKind::kCounter, [this] { return server_.counters().bad_requests; });
  sample("confab_http_timeouts_total", "Connections closed because they were too slow.",
         SampleKind::kCounter, [this] { return server_.counters().timeouts; });
  sample("confab_proxy_tunnels", "WebSockets open to signaling.", SampleKind::kGauge,
         [this] { return socketio_.counters().open_tunnels; });
  sample("confab_proxy_failures_total", "Requests that signaling did not answer.",
         SampleKind::kCounter, [this] { return socketio_.counters().failures; });
  sample("confab_turn_servers", "TURN servers that clients can be offered.", SampleKind::kGauge,
         [this] { return turn_.configured(); });
  sample("confab_turn_servers_answering", "Those of them that answer.", SampleKind::kGauge,
         [this] { return turn_.answering(); });
}

HttpResponse GatewayService::Ready() const {
  const ReadyReport report = options_.ready();
  json::object parts;
  for (const ReadyReport::Part& part : report.parts) {
    parts[part.name] = part.reason.empty() ? "ready" : part.reason;
  }
  const char* status = report.is_ready() ? "ready" : "not ready";
  return Json(report.is_ready() ? 200 : 503, {{"status", status}, {"parts", std::move(parts)}});
}

HttpResponse GatewayService::Metrics(const HttpRequest& request) const {
  const MetricsDoor door(options_.metrics_access, options_.authority);
  if (const auto admitted = door.Admit(request, auth::UnixSeconds()); !admitted) {
    return RefuseMetrics(admitted.error(), request);
  }
  HttpResponse response;
  response.headers = {{"Content-Type", observe::MetricsRegistry::kContentType},
                      {"Cache-Control", "no-store"}};
  response.body = options_.metrics->Exposition();
  return response;
}

}  // namespace confab::gateway
