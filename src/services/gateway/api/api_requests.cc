#include "services/gateway/api/api_requests.h"

#include <fmt/format.h>

#include <charconv>

#include "auth/grant_words.h"
#include "net/field_reader.h"

namespace confab::gateway {
namespace {

using net::FieldReader, net::ReadFailure;

constexpr net::TextLimits kName{0, 256};  // signaling cleans it and counts characters
constexpr net::TextLimits kIdentity{1, 128};
constexpr net::IntegerLimits kLifetimeSeconds{10, 24 * 3600};
constexpr size_t kShownName = 32;  // of a name that is none
constexpr uint32_t kDefaultPage = 100;
constexpr uint32_t kMaxPage = 1000;
constexpr size_t kMaxTimeSize = 32;
constexpr std::array<std::string_view, 4> kSources{"microphone", "camera", "screen",
                                                   "screen-audio"};

// As in a token, a name that is none is refused: a misspelled restriction would be believed in.
auth::Grants ReadGrants(FieldReader reader) {
  auth::Grants grants;
  for (const auto& [word, field] : auth::kGrantWords) {
    grants.*field = reader.OptionalFlag(word).value_or(grants.*field);
  }
  for (const auto& field : reader.object()) {
    const std::string_view name = field.key();
    if (auth::FindGrant(name) == nullptr) reader.Refuse(name.substr(0, kShownName), "is no grant");
  }
  return grants;
}

}  // namespace

Result<std::string> RoomOf(const ApiCall& call) {
  const std::string_view room = call.request.Param("room");
  if (net::IsId(room)) return std::string(room);
  return Fail(ErrorCode::kInvalidMessage,
              "A room's name has 1 to 64 characters of A-Z a-z 0-9 _ -.");
}

Result<uint32_t> PageSize(const net::HttpRequest& request) {
  const auto text = request.QueryValue("limit");
  if (!text) return kDefaultPage;
  uint32_t size = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), size);
  if (error == std::errc() && end == text->data() + text->size() && size >= 1 && size <= kMaxPage) {
    return size;
  }
  return Fail(ErrorCode::kInvalidMessage,
              fmt::format("limit must be a whole number from 1 to {}.", kMaxPage));
}

Result<std::string> TimeOf(const net::HttpRequest& request) {
  std::string at = request.QueryValue("at").value_or("");
  const bool is_plain =
      at.size() <= kMaxTimeSize && at.find_first_not_of("0123456789-T:.Z") == std::string::npos;
  if (is_plain) return at;
  return Fail(ErrorCode::kInvalidMessage, "at must be a UTC time such as 2026-01-31T23:59:59Z.");
}

Result<TokenRequest> ParseTokenRequest(const json::object& body) {
  ReadFailure failure;
  const json::value payload(body);
  FieldReader reader(payload, failure);
  TokenRequest request;
  request.claims.identity = reader.OptionalText("identity", kIdentity).value_or("");
  request.claims.name = reader.OptionalText("name", kName).value_or("");
  request.claims.role = kRoles[reader.OptionalChoice("role", kRoles).value_or(1)];
  if (auto grants = reader.OptionalObject("grants")) {
    request.claims.grants = ReadGrants(*grants);
  } else {
    request.claims.grants.moderate = request.claims.role == "moderator";
  }
  request.lifetime_s = reader.OptionalInteger("lifetime_s", kLifetimeSeconds);
  if (failure.failed()) return std::unexpected(failure.error());
  return request;
}

Result<std::optional<std::string>> SourceOf(const json::object& body) {
  ReadFailure failure;
  const json::value payload(body);
  FieldReader reader(payload, failure);
  const auto source = reader.OptionalChoice("source", kSources);
  if (failure.failed()) return std::unexpected(failure.error());
  std::optional<std::string> word;
  if (source) word = kSources[*source];
  return word;
}

}  // namespace confab::gateway
