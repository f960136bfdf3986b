#include "backends/discovery/instance_rules.h"

#include <algorithm>

#include "base/socket_address.h"

namespace confab::discovery {
namespace {

constexpr size_t kMaxIdSize = 64;
constexpr size_t kMaxLabelSize = 63;  // RFC 1035 §2.3.4
constexpr size_t kMaxNameSize = 253;

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool IsLetter(char c) {
  return IsLower(c) || (c >= 'A' && c <= 'Z');
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Names with '_' are no host names, but container networks have them.
bool IsNameCharacter(char c) {
  return IsLetter(c) || IsDigit(c) || c == '-' || c == '_' || c == '.';
}

}  // namespace

std::string_view ToString(ServiceKind kind) {
  switch (kind) {
    case ServiceKind::kGateway: return "gateway";
    case ServiceKind::kSignaling: return "signaling";
    case ServiceKind::kMedia: return "media";
    case ServiceKind::kLogs: return "logs";
  }
  return "unknown";
}

bool IsInstanceId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdSize && std::ranges::all_of(text, [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '-' || c == '_';
  });
}

bool IsRegion(std::string_view text) {
  if (text.empty()) return true;
  return text.size() <= kMaxLabelSize && !text.starts_with('-') && !text.ends_with('-') &&
         std::ranges::all_of(text, [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; });
}

bool IsHost(std::string_view text) {
  if (SocketAddress::Parse(text, 0)) return true;
  return !text.empty() && text.size() <= kMaxNameSize && !text.starts_with('.') &&
         !text.starts_with('-') && std::ranges::all_of(text, IsNameCharacter);
}

std::string_view FaultOf(const Instance& instance) {
  if (!IsInstanceId(instance.id)) return "its id is not 1 to 64 letters, digits, '-' or '_'";
  if (!IsHost(instance.host)) return "its host is neither an IP address nor a name";
  if (instance.http_port == 0 && instance.grpc_port == 0) return "it has no port";
  if (!IsRegion(instance.region)) {
    return "its region is not 1 to 63 lower-case letters, digits or '-'";
  }
  return {};
}

}  // namespace confab::discovery
