#include "socketio/engine_server.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/check.h"
#include "base/id.h"
#include "net/stream.h"
#include "net/websocket.h"
#include "socketio/engine_reply.h"

namespace confab::socketio {
namespace {

std::string_view MessageOf(EngineErrorCode code) {
  switch (code) {
    case EngineErrorCode::kUnknownTransport: return "Transport unknown";
    case EngineErrorCode::kUnknownSid: return "Session ID unknown";
    case EngineErrorCode::kBadHandshakeMethod: return "Bad handshake method";
    case EngineErrorCode::kBadRequest: return "Bad request";
    case EngineErrorCode::kForbidden: return "Forbidden";
    case EngineErrorCode::kUnsupportedProtocol: return "Unsupported protocol version";
  }
  return "";
}

bool IsListed(const EngineOptions& options, std::string_view origin) {
  return std::ranges::any_of(options.cors_origins, [&](const std::string& allowed) {
    return allowed == "*" || allowed == origin;
  });
}

void AddCors(const EngineOptions& options, const net::HttpRequest& request,
             net::HttpResponse& response) {
  const auto origin = request.headers.Find("Origin");
  if (options.cors_origins.empty()) return;
  response.headers.Add("Vary", "Origin");
  if (!origin || !IsListed(options, *origin)) return;
  response.headers.Set("Access-Control-Allow-Origin", std::string(*origin));
}

net::HttpResponse Preflight() {
  net::HttpResponse response;
  response.status = 204;
  response.headers.Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  response.headers.Set("Access-Control-Allow-Headers", "Content-Type, Authorization");
  response.headers.Set("Access-Control-Max-Age", "600");
  return response;
}

// Browsers apply CORS to polling but not to WebSocket: see EngineOptions::cors_origins.
bool MayUpgrade(const EngineOptions& options, const net::HttpRequest& request) {
  const auto origin = request.headers.Find("Origin");
  if (options.cors_origins.empty() || !origin || IsListed(options, *origin)) return true;
  const size_t scheme_end = origin->find("://");
  return scheme_end != origin->npos &&
         origin->substr(scheme_end + 3) == request.headers.Value("Host");
}

Handshake HandshakeOf(const net::HttpRequest& request) {
  Handshake handshake;
  handshake.query = request.query;
  handshake.peer = request.peer;
  handshake.is_tls = request.is_tls;
  return handshake;
}

std::shared_ptr<EngineSession> Find(EngineCore& core, const std::string& sid) {
  const auto found = core.sessions.find(sid);
  if (found == core.sessions.end()) return nullptr;
  const auto session = found->second;
  session->CheckHeartbeat();
  return core.sessions.contains(sid) ? session : nullptr;
}

// What keeps a request without a session id from getting a session.
std::optional<net::HttpResponse> RefuseHandshake(const EngineCore& core,
                                                 const net::HttpRequest& request) {
  if (request.method != "GET") return EngineErrorReply(EngineErrorCode::kBadHandshakeMethod);
  if (request.QueryValue("EIO") != "4") {
    return EngineErrorReply(EngineErrorCode::kUnsupportedProtocol);
  }
  if (!core.accept || core.sessions.size() >= core.options.max_sessions) {
    const Error error{ErrorCode::kUnavailable, "This server takes no more sessions now."};
    return net::ErrorResponse(error, request.id);
  }
  return std::nullopt;
}

std::shared_ptr<EngineSession> MakeSession(const std::shared_ptr<EngineCore>& core,
                                           const net::HttpRequest& request,
                                           EngineSession::Upgrades upgrades) {
  std::array<uint8_t, 16> bytes;
  core->random.Fill(bytes);
  std::string id = core->options.instance_id + "." + EncodeId(bytes);
  const auto session = std::make_shared<EngineSession>(core, id, HandshakeOf(request));
  core->sessions.emplace(std::move(id), session);
  ++core->counters.sessions_opened;
  session->Open(upgrades);
  session->SetListener(core->accept(*session));
  return session;
}

asio::awaitable<net::HttpResponse> HandlePolling(std::shared_ptr<EngineCore> core,
                                                 net::HttpRequest& request) {
  if (request.QueryValue("transport") == "websocket") {
    co_return EngineErrorReply(EngineErrorCode::kBadRequest);  // without Upgrade
  }
  if (request.QueryValue("transport") != "polling") {
    co_return EngineErrorReply(EngineErrorCode::kUnknownTransport);
  }
  const auto sid = request.QueryValue("sid");
  if (!sid) {
    if (auto refusal = RefuseHandshake(*core, request)) co_return std::move(*refusal);
    const auto session = MakeSession(core, request, EngineSession::Upgrades::kWebSocket);
    co_return co_await session->Poll(request);
  }
  const auto session = Find(*core, *sid);
  if (!session) co_return EngineErrorReply(EngineErrorCode::kUnknownSid);
  if (!session->is_polling()) co_return EngineErrorReply(EngineErrorCode::kBadRequest);
  if (request.method == "GET") co_return co_await session->Poll(request);
  if (request.method == "POST") co_return session->Post(request);
  co_return EngineErrorReply(EngineErrorCode::kBadRequest);
}

// What keeps a WebSocket from being opened.
std::optional<net::HttpResponse> RefuseUpgrade(EngineCore& core, const net::HttpRequest& request) {
  const auto transport = request.QueryValue("transport");
  if (transport != "websocket") {
    return EngineErrorReply(transport == "polling" ? EngineErrorCode::kBadRequest
                                                   : EngineErrorCode::kUnknownTransport);
  }
  if (!MayUpgrade(core.options, request)) return EngineErrorReply(EngineErrorCode::kForbidden);
  const auto sid = request.QueryValue("sid");
  if (!sid) return RefuseHandshake(core, request);
  if (!Find(core, *sid)) return EngineErrorReply(EngineErrorCode::kUnknownSid);
  return std::nullopt;
}

}  // namespace

net::HttpResponse EngineErrorReply(EngineErrorCode code) {
  const boost::json::object body{{"code", static_cast<int>(code)}, {"message", MessageOf(code)}};
  return net::JsonResponse(code == EngineErrorCode::kForbidden ? 403 : 400,
                           boost::json::serialize(body));
}

EngineServer::EngineServer(const asio::any_io_executor& executor, EngineOptions options,
                           EngineCore::Accept accept)
    : core_(std::make_shared<EngineCore>(executor, std::move(options))) {
  core_->accept = std::move(accept);
}

EngineServer::~EngineServer() {
  Stop();
  // Sessions hold the core: what still lingers is let go here, or neither would ever end.
  std::exchange(core_->sessions, {}).clear();
}

void EngineServer::Stop() {
  core_->accept = nullptr;
  std::vector<std::shared_ptr<EngineSession>> sessions;
  for (const auto& [id, session] : core_->sessions) sessions.push_back(session);
  for (const auto& session : sessions) session->Close(DisconnectReason::kShuttingDown);
}

ServerCounters& EngineServer::counters() {
  core_->counters.sessions = core_->sessions.size();
  return core_->counters;
}

asio::awaitable<net::HttpResponse> EngineServer::Handle(net::HttpRequest& request) {
  const auto core = core_;
  net::HttpResponse response;
  if (request.method == "OPTIONS") {
    response = Preflight();
  } else {
    response = co_await HandlePolling(core, request);
  }
  if (response.status >= 400) ++core->counters.refused;
  if (!response.headers.Find("Cache-Control")) response.headers.Set("Cache-Control", "no-store");
  AddCors(core->options, request, response);
  co_return response;
}

asio::awaitable<std::optional<net::HttpResponse>> EngineServer::Upgrade(net::HttpRequest& request,
                                                                        net::Stream& stream) {
  const auto core = core_;
  if (auto refusal = RefuseUpgrade(*core, request)) {
    ++core->counters.refused;
    AddCors(core->options, request, *refusal);
    co_return refusal;
  }
  const auto ws = std::make_shared<net::WebSocket>(stream, core->options.max_payload);
  const auto accepted = co_await ws->Accept(request);
  if (!accepted) co_return std::nullopt;
  const auto sid = request.QueryValue("sid");
  if (sid) {
    if (const auto session = Find(*core, *sid)) co_await session->RunUpgrade(ws, stream);
  } else if (core->accept) {
    const auto session = MakeSession(core, request, EngineSession::Upgrades::kNone);
    co_await session->RunWebSocket(ws, stream);
  }
  co_return std::nullopt;
}

}  // namespace confab::socketio
