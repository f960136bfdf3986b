#include "auth/validity.h"

#include <fmt/format.h>

#include <algorithm>

#include "auth/claim_reader.h"
#include "auth/errors.h"
#include "auth/unix_time.h"
#include "auth/words.h"

namespace confab::auth {
namespace {

// Only what can stand in a sentence.
std::string AudienceText(const json::object& payload) {
  const auto text = TextMember(payload, "aud");
  return text && IsTokenId(*text) ? fmt::format("\"{}\"", *text) : std::string("something else");
}

struct Times {
  int64_t expires = 0;
  int64_t begins = 0;
};

Result<Times> ReadTimes(const json::object& payload) {
  ClaimReader reader(payload);
  const auto expires = reader.Time("exp");
  const auto issued = reader.Time("iat");
  const auto begins = reader.Time("nbf");
  if (reader.ok() && !expires) reader.Refuse("exp", "is missing");
  if (!reader.ok()) return reader.error();
  return Times{.expires = *expires, .begins = std::max(issued.value_or(0), begins.value_or(0))};
}

Phase PhaseOf(const Times& times, int64_t now_s, TimeDelta clock_skew) {
  const int64_t skew = SecondsOf(clock_skew);
  if (now_s >= times.expires + skew) return Phase::kOver;
  return times.begins > now_s + skew ? Phase::kNotYet : Phase::kCounts;
}

}  // namespace

std::unexpected<Error> TokenIsOver() {
  return Refused("The token has expired: ask for a new link or token.");
}

Phase PhaseOf(const json::object& payload, int64_t now_s, TimeDelta clock_skew) {
  const Result<Times> times = ReadTimes(payload);
  return times ? PhaseOf(*times, now_s, clock_skew) : Phase::kUnknown;
}

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
  const Result<Times> times = ReadTimes(payload);
  if (!times) return std::unexpected(times.error());
  switch (PhaseOf(*times, rules.now_s, rules.clock_skew)) {
    case Phase::kOver: return TokenIsOver();
    case Phase::kNotYet:
      return Refused("The token is not valid yet: compare the clocks of the machines.");
    case Phase::kUnknown:
    case Phase::kCounts: break;
  }
  if (!rules.max_lifetime.is_infinite() &&
      times->expires > rules.now_s + SecondsOf(rules.max_lifetime) + SecondsOf(rules.clock_skew)) {
    return Refused(
        fmt::format("The token is valid for longer than the {} hours that are allowed: "
                    "make one with an earlier \"exp\".",
                    SecondsOf(rules.max_lifetime) / 3600));
  }
  return times->expires;
}

}  // namespace confab::auth
