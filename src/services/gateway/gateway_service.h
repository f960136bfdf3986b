#pragma once

#include <memory>
#include <vector>

#include "net/http_router.h"
#include "net/http_server.h"
#include "net/static_files.h"
#include "services/gateway/api/api.h"
#include "services/gateway/api/logs_client.h"
#include "services/gateway/api/media_client.h"
#include "services/gateway/api/rooms_client.h"
#include "services/gateway/gateway_options.h"
#include "services/gateway/handshake_door.h"
#include "services/gateway/http_metrics.h"
#include "services/gateway/origin_door.h"
#include "services/gateway/signaling_routes.h"
#include "services/gateway/turn/turn_watch.h"

namespace confab::gateway {

// The HTTP edge: the web pages, the REST interface, Socket.IO forwarded to signaling, health,
// metrics. Lives on one io_context and its thread; must outlive Stop's completion.
//
//   /socket.io/*    → signaling: HandshakeDoor says how often, SignalingRoutes which instance
//   /healthz        the process is alive
//   /readyz         calls are possible, or which part says no
//   /metrics        Prometheus
//   /api/v1, /api/docs, /.well-known/jwks.json   the REST interface: api/
//   /r/NAME         the page of a room; everything else: the files of the web pages
class GatewayService {
 public:
  GatewayService(asio::io_context& io, GatewayOptions options);
  ~GatewayService();
  GatewayService(const GatewayService&) = delete;
  GatewayService& operator=(const GatewayService&) = delete;

  // Listens; returns the addresses, all with the same port. Errors: kInvalidConfiguration (an
  // address or the folder of pages), kUnavailable (all the ports are taken).
  Result<std::vector<SocketAddress>> Start();
  // All the signaling instances that there are now, to be called with every change.
  void SetSignaling(std::vector<discovery::Instance> instances);
  // The same of the media instances, of which the state tells.
  void SetMedia(const std::vector<discovery::Instance>& instances);
  // The same of the log viewers, which explain calls.
  void SetLogs(std::vector<discovery::Instance> instances) { logs_.SetPeers(std::move(instances)); }
  // All the processes of a role whose metrics Prometheus is to read; to be called with every
  // change.
  void SetScrapeTargets(std::string_view role, std::vector<discovery::Instance> instances) {
    targets_.Set(role, std::move(instances));
  }
  // What is answered here, as the router knows it: "/api/v1/rooms/{room}", and "/socket.io/" for
  // all below it. The pages are not among them. For comparing with the documents.
  std::vector<std::string> paths() const { return router_.paths(); }
  // Lets requests end for at most `deadline`.
  asio::awaitable<void> Stop(TimeDelta deadline);

 private:
  Result<void> AddPages();
  void AddRoutes();
  void AddMetrics();
  net::HttpProxyOptions ProxyOptions();
  Api::Options ApiOptions();
  net::HttpResponse Ready() const;
  net::HttpResponse Metrics(const net::HttpRequest& request) const;

  GatewayOptions options_;
  HttpMetrics http_metrics_;
  SignalingRoutes routes_;
  PeerChannels signaling_channels_;
  PeerChannels media_channels_;
  RoomsClient rooms_;
  MediaClient media_;
  LogsClient logs_;
  TurnWatch turn_;
  ScrapeTargets targets_;
  Api api_;
  net::HttpProxy socketio_;
  HandshakeDoor handshakes_;
  std::unique_ptr<net::HttpHandler> pages_;
  net::HttpRouter router_;
  OriginDoor origins_;
  net::HttpServer server_;
  std::vector<std::shared_ptr<void>> sampled_metrics_;  // keeps them registered
};

}  // namespace confab::gateway
