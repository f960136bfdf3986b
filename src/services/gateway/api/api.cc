#include "services/gateway/api/api.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/hashed_name.h"
#include "net/field_reader.h"
#include "services/gateway/api/api_page.h"
#include "services/gateway/api/api_routes.h"
#include "services/gateway/api/openapi.h"
#include "services/gateway/api/too_many.h"

namespace confab::gateway {
namespace {

using net::HttpRequest, net::HttpResponse;

constexpr std::string_view kBase = "/api/v1";

HttpResponse Refused(const HttpRequest& request, const Error& error) {
  HttpResponse response = net::ErrorResponse(error, request.id);
  if (error.code == ErrorCode::kUnauthorized) response.headers.Set("WWW-Authenticate", "Bearer");
  return response;
}

// A name in the path that is none was not checked yet: it is left out.
CallScope ScopeOf(const HttpRequest& request, const Principal& principal) {
  CallScope scope{.trace = request.trace};
  if (!principal.room.empty()) scope.room = HashedName(principal.room);
  const std::string_view room = request.Param("room"), participant = request.Param("participant");
  if (net::IsId(room)) scope.room = HashedName(room);
  if (net::IsId(participant)) scope.participant = participant;
  return scope;
}

// An object; nothing sent is an empty one. Another type than JSON could come from a form on a
// foreign page.
Result<json::object> BodyOf(const HttpRequest& request) {
  if (request.body.empty()) return json::object();
  const std::string_view type = request.headers.Value("Content-Type");
  if (type.substr(0, type.find(';')) != "application/json") {
    return Fail(ErrorCode::kInvalidMessage, "Send the body as Content-Type: application/json.");
  }
  if (request.body.size() > Api::kMaxBodySize) {
    return Fail(ErrorCode::kInvalidMessage, "The body is too large.");
  }
  json::parse_options options;
  options.max_depth = Api::kMaxJsonDepth;
  error_code error;
  json::value value = json::parse(request.body, error, {}, options);
  if (error || !value.is_object()) {
    return Fail(ErrorCode::kInvalidMessage, "The body must be one JSON object.");
  }
  return std::move(value.as_object());
}

}  // namespace

Api::Api(Options options)
    : options_(std::move(options)),
      handlers_(options_.handlers),
      access_({options_.handlers.authority, options_.openid}, options_.guests, options_.origins),
      per_address_(options_.per_address),
      per_key_(options_.per_key),
      routes_(ApiRoutes(handlers_)),
      document_(OpenApiDocument(routes_, options_.handlers.version)),
      page_(ApiPage(routes_, options_.handlers.version)) {}

void Api::AddTo(net::HttpRouter& router) {
  for (const ApiRoute& route : routes_) {
    router.Add(route.method, std::string(kBase) + std::string(route.pattern),
               [this, &route](HttpRequest& request) { return Serve(route, request); });
  }
  const auto fixed = [&router](std::string_view path, std::string_view type,
                               std::string_view text) {
    router.Add("GET", path, [type, text](HttpRequest&) -> asio::awaitable<HttpResponse> {
      HttpResponse response;
      response.headers = {{"Content-Type", std::string(type)}, {"Cache-Control", "no-cache"}};
      response.body = text;
      co_return response;
    });
  };
  fixed("/api/v1/openapi.json", "application/json", document_);
  fixed("/api/docs", "text/html; charset=utf-8", page_);
  fixed("/api/docs.css", "text/css; charset=utf-8", ApiPageStyle());
  router.Add("GET", "/.well-known/jwks.json",
             [this](HttpRequest&) -> asio::awaitable<HttpResponse> {
               HttpResponse response;
               response.headers = {{"Content-Type", "application/jwk-set+json"},
                                   {"Cache-Control", "public, max-age=60"}};
               response.body = options_.handlers.authority.Jwks();
               co_return response;
             });
}

asio::awaitable<HttpResponse> Api::Serve(const ApiRoute& route, HttpRequest& request) {
  const Timestamp now = options_.now();
  if (const auto wait = per_address_.Take(NameOfAddress(request.client), now)) {
    co_return TooMany(request, *wait);
  }
  const auto principal =
      co_await access_.Admit(request, route.scope, options_.handlers.unix_seconds());
  if (!principal) co_return Refused(request, principal.error());
  if (!principal->id.empty()) {
    if (const auto wait = per_key_.Take(principal->id, now)) co_return TooMany(request, *wait);
  }
  HttpResponse response = co_await ServeAdmitted(route, request, *principal);
  Log(route, request, *principal, response);
  co_return response;
}

void Api::Log(const ApiRoute& route, const HttpRequest& request, const Principal& principal,
              const HttpResponse& response) const {
  options_.logger.Log(
      observe::LogLevel::kInfo, observe::LogEvent::kApiCall, ScopeOf(request, principal),
      {{"error_id", request.id}, {"call", route.operation_id}, {"status", response.status}});
}

asio::awaitable<HttpResponse> Api::ServeAdmitted(const ApiRoute& route, const HttpRequest& request,
                                                 const Principal& principal) {
  const auto key = request.headers.Find("Idempotency-Key");
  if (!key || route.method != "POST") co_return co_await Answer(route, request, principal);
  std::string name(*key);
  co_return co_await AnswerOnce(route, request, principal, std::move(name));
}

asio::awaitable<HttpResponse> Api::AnswerOnce(const ApiRoute& route, const HttpRequest& request,
                                              const Principal& principal, std::string key) {
  const Idempotency::Question question{
      .caller = principal.id.empty() ? request.client.IpToString() : principal.id,
      .key = std::move(key),
      .content = request.target + "\n" + request.body};
  auto earlier = idempotency_.Begin(question, options_.now());
  if (!earlier) {
    const bool is_key = earlier.error().code == ErrorCode::kInvalidMessage;
    co_return net::ErrorResponse(is_key ? 400 : 409, earlier.error(), request.id);
  }
  if (*earlier) {
    HttpResponse again = std::move(**earlier);
    again.headers.Set("Idempotency-Replayed", "true");
    co_return again;
  }
  HttpResponse answer = co_await Answer(route, request, principal);
  // What failed may be tried again.
  if (answer.status >= 400) {
    idempotency_.Abandon(question);
  } else {
    idempotency_.Finish(question, answer);
  }
  co_return answer;
}

asio::awaitable<HttpResponse> Api::Answer(const ApiRoute& route, const HttpRequest& request,
                                          const Principal& principal) {
  auto body = BodyOf(request);
  if (!body) co_return Refused(request, body.error());
  ApiCall call{request, principal, ScopeOf(request, principal), std::move(*body)};
  const auto reply = co_await route.handler(call);
  if (!reply) co_return Refused(request, reply.error());
  if (reply->status == 204) co_return HttpResponse{.status = 204};
  if (reply->text) co_return net::JsonResponse(reply->status, *reply->text);
  co_return net::JsonResponse(
      reply->status, reply->list ? json::serialize(*reply->list) : json::serialize(reply->body));
}

}  // namespace confab::gateway
