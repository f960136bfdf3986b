#include "auth/validity.h"

#include <fmt/format.h>

#include <algorithm>

#include "auth/claim_reader.h"
#include "auth/words.h"

namespace confab::auth {
namespace {

int64_t SecondsOf(TimeDelta delta) {
  return delta.us() / 1'000'000;
}

std::unexpected<Error> Refused(std::string sentence) {
  return Fail(ErrorCode::kUnauthorized, std::move(sentence));
}

// Only what can stand in a sentence.
std::string AudienceText(const json::object& payload) {
  const auto text = TextMember(payload, "aud");
  return text && IsTokenId(*text) ? fmt::format("\"{}\"", *text) : std::string("something else");
}

}  // namespace

bool IsFor(const json::object& payload, std::string_view audience) {
  if (TextMember(payload, "aud") == audience) return true;
  const json::value* value = payload.if_contains("aud");
  if (value == nullptr || !value->is_array()) return false;
  return std::ranges::any_of(value->get_array(), [&](const json::value& each) {
    return each.is_string() && std::string_view(each.get_string()) == audience;
  });
}

Result<int64_t> CheckValidity(const json::object& payload, const ValidityRules& rules) {
  if (!IsFor(payload, rules.audience)) {
    return Refused(fmt::format("This token is for {}, and here one for \"{}\" is needed.",
                               AudienceText(payload), rules.audience));
  }
  ClaimReader reader(payload);
  const auto expires = reader.Time("exp");
  const auto issued = reader.Time("iat");
  const auto begins = reader.Time("nbf");
  if (reader.ok() && !expires) reader.Refuse("exp", "is missing");
  if (!reader.ok()) return reader.error();
  const int64_t skew = SecondsOf(rules.clock_skew);
  if (rules.now_s >= *expires + skew) {
    return Refused("The token has expired: ask for a new link or token.");
  }
  if (std::max(issued.value_or(0), begins.value_or(0)) > rules.now_s + skew) {
    return Refused("The token is not valid yet: compare the clocks of the machines.");
  }
  if (!rules.max_lifetime.is_infinite() &&
      *expires > rules.now_s + SecondsOf(rules.max_lifetime) + skew) {
    return Refused(
        fmt::format("The token is valid for longer than the {} hours that are allowed: "
                    "make one with an earlier \"exp\".",
                    SecondsOf(rules.max_lifetime) / 3600));
  }
  return *expires;
}

}  // namespace confab::auth
