#include "app/token/token_show.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <istream>

#include "auth/claim_reader.h"
#include "auth/jws.h"
#include "auth/limits.h"

namespace confab::app {
namespace {

using auth::Audience;

// A line a claim, times in words too.
std::string Lines(const auth::json::object& object) {
  std::string text;
  for (const auto& field : object) {
    const std::string_view name(field.key());
    text += fmt::format("  {:<8} {}", name, boost::json::serialize(field.value()));
    if (name == "exp" || name == "iat" || name == "nbf") {
      auth::ClaimReader reader(object);
      if (const auto time = reader.Time(name)) {
        text += fmt::format("  ({:%FT%TZ})", fmt::gmtime(*time));
      }
    }
    text += '\n';
  }
  return text;
}

template <typename Claims>
Result<void> Outcome(const Result<Claims>& verified) {
  return verified ? Result<void>() : std::unexpected(verified.error());
}

Result<void> Verify(std::string_view token, const auth::Jws& jws, auth::Authority& authority,
                    int64_t now_s) {
  const auto audience = auth::TextMember(jws.payload, "aud");
  if (audience == ToString(Audience::kApi)) return Outcome(authority.VerifyApi(token, now_s));
  if (audience == ToString(Audience::kResume)) return Outcome(authority.VerifyResume(token, now_s));
  if (audience == ToString(Audience::kService)) {
    return Outcome(authority.VerifyService(token, now_s));
  }
  // Another one is refused with a sentence that names it.
  return Outcome(authority.VerifyJoin(token, now_s));
}

}  // namespace

std::string ReadToken(std::istream& input) {
  std::string line;
  char next = 0;
  while (line.size() <= auth::kMaxTokenBytes && input.get(next) && next != '\n') line += next;
  while (line.ends_with(' ') || line.ends_with('\r')) line.pop_back();
  return line;
}

TokenOutcome ShowToken(std::string_view token, auth::Authority& authority, int64_t now_s) {
  const auto jws = auth::ParseJws(token);
  if (!jws) return {.status = 1, .text = jws.error().message + '\n'};
  const auto verified = Verify(token, *jws, authority, now_s);
  return {.status = verified ? 0 : 1,
          .text = fmt::format("header\n{}claims\n{}{}\n", Lines(jws->header), Lines(jws->payload),
                              verified ? std::string("It verifies.")
                                       : "It does not verify. " + verified.error().message)};
}

}  // namespace confab::app
