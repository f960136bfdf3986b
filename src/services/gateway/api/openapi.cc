#include "services/gateway/api/openapi.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace confab::gateway {
namespace {

json::object Ref(std::string_view schema) {
  return {{"$ref", fmt::format("#/components/schemas/{}", schema)}};
}

json::object Content(std::string_view schema) {
  return {{"application/json", {{"schema", Ref(schema)}}}};
}

json::object Failure(unsigned status) {
  json::object failure{{"description", MeaningOf(status)}, {"content", Content("Error")}};
  if (status == 429) {
    failure["headers"] = {
        {"Retry-After", {{"description", "Seconds to wait."}, {"schema", {{"type", "integer"}}}}}};
  }
  return failure;
}

bool NeedsToken(Scope scope) {
  return scope != Scope::kOpen && scope != Scope::kGuest;
}

json::object Responses(const ApiRoute& route) {
  json::object responses;
  json::object success{{"description", MeaningOf(route.success)}};
  if (!route.response_schema.empty()) success["content"] = Content(route.response_schema);
  responses[std::to_string(route.success)] = std::move(success);
  std::vector<unsigned> failures{400, 403, 429};
  // 503: a token of the OpenID Connect issuer while its keys cannot be had.
  if (NeedsToken(route.scope)) failures.insert(failures.end(), {401, 503});
  if (route.method == "POST") failures.push_back(409);
  failures.insert(failures.end(), route.failures.begin(), route.failures.end());
  for (const unsigned status : failures) responses[std::to_string(status)] = Failure(status);
  return responses;
}

json::object PathParameter(std::string_view name) {
  return {{"name", name},
          {"in", "path"},
          {"required", true},
          {"schema", Ref(name == "room" ? "RoomName" : "Id")}};
}

json::array Parameters(const ApiRoute& route) {
  json::array parameters;
  for (size_t at = 0; (at = route.pattern.find('{', at)) != std::string_view::npos; ++at) {
    const size_t end = route.pattern.find('}', at);
    parameters.push_back(PathParameter(route.pattern.substr(at + 1, end - at - 1)));
  }
  for (const QueryParameter& query : route.query) {
    parameters.push_back(json::object{{"name", query.name},
                                      {"in", "query"},
                                      {"description", query.description},
                                      {"schema", json::parse(query.schema)}});
  }
  if (route.method == "POST") {
    parameters.push_back(json::object{
        {"name", "Idempotency-Key"},
        {"in", "header"},
        {"description", "The answer to a repeated request with the same key is the first one's."},
        {"schema", {{"type", "string"}, {"minLength", 1}, {"maxLength", 64}}}});
  }
  return parameters;
}

json::object Operation(const ApiRoute& route) {
  json::object operation{{"operationId", route.operation_id}, {"summary", route.summary}};
  if (!route.description.empty()) operation["description"] = route.description;
  operation["x-scope"] = ToString(route.scope);
  json::array parameters = Parameters(route);
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
  if (!route.request_schema.empty()) {
    operation["requestBody"] = {{"required", false}, {"content", Content(route.request_schema)}};
  }
  operation["responses"] = Responses(route);
  operation["security"] =
      NeedsToken(route.scope) ? json::array{{{"bearer", json::array()}}} : json::array();
  return operation;
}

std::string LowerMethod(std::string_view method) {
  std::string lower(method);
  for (char& c : lower) c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

}  // namespace

std::string_view MeaningOf(unsigned status) {
  switch (status) {
    case 200: return "As asked.";
    case 201: return "Made.";
    case 204: return "Done.";
    case 400: return "The request is not as it must be; the message names what is wrong.";
    case 401: return "There is no token, or it does not verify.";
    case 403: return "The token does not allow this.";
    case 404: return "There is no such room or participant.";
    case 409: return "The idempotency key is in use for another request.";
    case 429: return "Too many requests: wait.";
    case 503: return "A part of the system does not answer: try again in a moment.";
    default: return "";
  }
}

std::string OpenApiDocument(std::span<const ApiRoute> routes, std::string_view version) {
  json::object paths;
  for (const ApiRoute& route : routes) {
    json::value& path = paths[route.pattern];
    if (!path.is_object()) path.emplace_object();
    path.as_object()[LowerMethod(route.method)] = Operation(route);
  }
  const json::object document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "confab"},
        {"version", version},
        {"summary", "Rooms, participants and invitations of a confab server."},
        {"license", {{"name", "MIT"}, {"identifier", "MIT"}}}}},
      {"servers", json::array{{{"url", "/api/v1"}}}},
      {"paths", std::move(paths)},
      {"components",
       {{"schemas", json::parse(ApiSchemas())},
        {"securitySchemes",
         {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}}}}};
  return json::serialize(document);
}

}  // namespace confab::gateway
