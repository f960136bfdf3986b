#include "services/signaling/door/handshakes.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/hashed_name.h"
#include "services/signaling/protocol/requests.h"

namespace confab::signaling {
namespace {

constexpr int64_t kProtocolVersion = 1;

Result<void> CheckProtocol(const json::object& auth) {
  const Result<ProtocolRange> range = ParseProtocolRange(auth);
  if (!range) return std::unexpected(range.error());
  if (range->min > kProtocolVersion || range->max < kProtocolVersion) {
    return Fail(ErrorCode::kUnsupportedProtocol,
                fmt::format("this server speaks version {} of the protocol, you speak {} to {}; "
                            "reload the page or update the older side",
                            kProtocolVersion, range->min, range->max));
  }
  return {};
}

// "" where there is none.
std::string_view TokenOf(const json::object& auth) {
  const json::value* token = auth.if_contains("token");
  const json::string* text = token == nullptr ? nullptr : token->if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

}  // namespace

Result<Pass> Handshakes::Check(const json::object& auth, Timestamp now) {
  const std::string_view token = TokenOf(auth);
  if (const auto spoken = CheckProtocol(auth); !spoken) {
    WriteDown(spoken.error(), At::kProtocol, token, now);
    return std::unexpected(spoken.error());
  }
  Result<Pass> pass = door_.Look(token);
  if (!pass) WriteDown(pass.error(), At::kToken, token, now);
  return pass;
}

void Handshakes::WriteDown(const Error& error, At at, std::string_view token, Timestamp now) {
  if (!logger_.is_enabled(observe::LogLevel::kWarning)) return;
  if (lines_.Take(now)) {
    ++left_out_;
    return;
  }
  std::vector<observe::LogField> fields{{"code", error.code}, {"message", error.message}};
  observe::LogScope scope;
  if (at == At::kProtocol) {
    fields.emplace_back("reason", "protocol");
  } else if (error.code == ErrorCode::kUnauthorized) {
    const TokenTrouble trouble = door_.Explain(token);
    fields.emplace_back("reason", ToString(trouble.kind));
    if (!trouble.room.empty()) scope.room = HashedName(trouble.room);
  }
  if (const uint64_t others = std::exchange(left_out_, 0); others > 0) {
    fields.emplace_back("left_out", others);
  }
  logger_.Log(observe::LogLevel::kWarning, observe::LogEvent::kConnectionRefused, scope, fields);
}

}  // namespace confab::signaling
