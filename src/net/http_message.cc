#include "net/http_message.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "net/http_text.h"

namespace confab::net {
namespace {

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, Lower, Lower);
}

// Calls `visit` with each part of `text` between separators.
template <typename F>
void Split(std::string_view text, char separator, F visit) {
  for (;;) {
    const size_t end = text.find(separator);
    visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = Lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::optional<std::string_view> HttpHeaders::Find(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (EqualsIgnoringCase(field, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> HttpHeaders::FindLast(std::string_view name) const {
  const auto found = std::ranges::find_if(
      fields_.rbegin(), fields_.rend(),
      [&](const Field& field) { return EqualsIgnoringCase(field.first, name); });
  return found == fields_.rend() ? std::nullopt : std::optional<std::string_view>(found->second);
}

bool HttpHeaders::HasToken(std::string_view name, std::string_view token) const {
  bool found = false;
  for (const auto& [field, value] : fields_) {
    if (!EqualsIgnoringCase(field, name)) continue;
    Split(value, ',', [&](auto part) { found = found || EqualsIgnoringCase(Trim(part), token); });
  }
  return found;
}

void HttpHeaders::Set(std::string_view name, std::string value) {
  Remove(name);
  fields_.emplace_back(name, std::move(value));
}

void HttpHeaders::Add(std::string_view name, std::string value) {
  fields_.emplace_back(name, std::move(value));
}

void HttpHeaders::Remove(std::string_view name) {
  std::erase_if(fields_, [&](const Field& field) { return EqualsIgnoringCase(field.first, name); });
}

std::string_view HttpRequest::Param(std::string_view name) const {
  for (const auto& [key, value] : params) {
    if (key == name) return value;
  }
  return {};
}

std::optional<std::string> HttpRequest::QueryValue(std::string_view name) const {
  std::optional<std::string> result;
  Split(query, '&', [&](std::string_view part) {
    const size_t equals = part.find('=');
    if (result || part.substr(0, equals) != name) return;
    result = equals == std::string_view::npos ? "" : DecodePercent(part.substr(equals + 1));
  });
  return result;
}

bool HttpRequest::WantsUpgrade() const {
  return headers.HasToken("Connection", "upgrade") && headers.HasToken("Upgrade", "websocket");
}

HttpResponse TextResponse(unsigned status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.headers.Set("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(text);
  return response;
}

HttpResponse JsonResponse(unsigned status, std::string json) {
  HttpResponse response;
  response.status = status;
  response.headers.Set("Content-Type", "application/json");
  response.headers.Set("Cache-Control", "no-store");
  response.body = std::move(json);
  return response;
}

HttpResponse ErrorResponse(unsigned status, const Error& error, std::string_view id) {
  boost::json::object body{{"code", ToString(error.code)}, {"message", error.message}, {"id", id}};
  return JsonResponse(status, boost::json::serialize(boost::json::object{{"error", body}}));
}

HttpResponse ErrorResponse(const Error& error, std::string_view id) {
  return ErrorResponse(HttpStatusOf(error.code), error, id);
}

unsigned HttpStatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidMessage:
    case ErrorCode::kUnsupportedProtocol:
    case ErrorCode::kUnsupportedParameters:
    case ErrorCode::kCannotConsume: return 400;
    case ErrorCode::kUnauthorized: return 401;
    case ErrorCode::kForbidden:
    case ErrorCode::kNotJoined: return 403;
    case ErrorCode::kRoomNotFound:
    case ErrorCode::kParticipantNotFound:
    case ErrorCode::kTransportNotFound:
    case ErrorCode::kProducerNotFound:
    case ErrorCode::kConsumerNotFound:
    case ErrorCode::kRouterNotFound:
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kAlreadyJoined:
    case ErrorCode::kRoomFull:
    case ErrorCode::kInvalidState:
    case ErrorCode::kDuplicateId:
    case ErrorCode::kStaleEpoch: return 409;
    case ErrorCode::kSessionExpired: return 410;
    case ErrorCode::kLimitExceeded:
    case ErrorCode::kRateLimited: return 429;
    case ErrorCode::kMediaUnavailable:
    case ErrorCode::kMediaFull:
    case ErrorCode::kDraining:
    case ErrorCode::kPlacementUnavailable:
    case ErrorCode::kUnavailable:
    case ErrorCode::kShuttingDown: return 503;
    case ErrorCode::kInvalidConfiguration:
    case ErrorCode::kInternal: return 500;
  }
  return 500;
}

std::string_view HttpReason(unsigned status) {
  const auto known = boost::beast::http::int_to_status(status);
  if (known == boost::beast::http::status::unknown) return {};
  const auto reason = boost::beast::http::obsolete_reason(known);
  return {reason.data(), reason.size()};
}

std::optional<std::string> DecodePercent(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = HexValue(text[i + 1]);
    const int low = HexValue(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    result.push_back(static_cast<char>(high << 4 | low));
    i += 2;
  }
  return result;
}

}  // namespace confab::net
