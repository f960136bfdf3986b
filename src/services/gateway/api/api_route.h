#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/openid.h"
#include "base/call_scope.h"
#include "net/asio.h"
#include "net/http_message.h"
#include "services/gateway/api/scope.h"

namespace confab::gateway {

namespace json = boost::json;

// Who asks. A value.
struct Principal {
  // What rates and idempotency keys are counted by: an API key's id, a token's subject, "person "
  // and the identity for who signed in, or "" for those without a token.
  std::string id;
  // The participant or the token's id, where it is one who is or may be in a room.
  std::string participant;
  std::string room;  // the only one that it may touch; "": every room
  // Who signed in at the OpenID Connect issuer; always there behind Scope::kSignedIn.
  std::optional<auth::OpenIdIdentity> person;
};

// A request that has passed every check. Lives in the request's coroutine.
struct ApiCall {
  const net::HttpRequest& request;
  const Principal& principal;
  CallScope scope;    // whom the log names
  json::object body;  // empty where none was sent
};

struct ApiReply {
  unsigned status = 200;
  json::object body;                     // not sent with 204
  std::optional<json::array> list = {};  // sent instead
  std::optional<std::string> text = {};  // a JSON object as text, sent instead of both
};

using ApiHandler = std::function<asio::awaitable<Result<ApiReply>>(ApiCall&)>;

// A value in the query.
struct QueryParameter {
  std::string_view name;
  std::string_view description;
  std::string_view schema;  // JSON Schema, as text
};

// One operation of the REST interface: the router, the document and the readable page are made from
// the same table (routes of Api). Texts are literals.
struct ApiRoute {
  std::string_view method;
  std::string_view pattern;  // below /api/v1; {name} takes one segment
  std::string_view operation_id;
  std::string_view summary;
  std::string_view description;
  Scope scope = Scope::kOpen;
  std::vector<QueryParameter> query;
  std::string_view request_schema;   // a name in ApiSchemas(); "": no body is read
  std::string_view response_schema;  // "": 204 without a body
  unsigned success = 200;
  std::vector<unsigned> failures;  // statuses beside 400, 401, 403, 429 that belong to it
  ApiHandler handler;
};

}  // namespace confab::gateway
