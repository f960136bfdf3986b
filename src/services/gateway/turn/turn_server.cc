#include "services/gateway/turn/turn_server.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace confab::gateway {
namespace {

constexpr uint16_t kPort = 3478;     // RFC 8656 §5
constexpr uint16_t kTlsPort = 5349;  // the same
constexpr size_t kMaxHostSize = 253;

std::unexpected<Error> Bad(std::string_view text, std::string_view why) {
  return Fail(ErrorCode::kInvalidConfiguration,
              fmt::format("\"{}\" is no TURN server: {}. Write for example "
                          "turn:turn.example.org:3478?transport=udp",
                          text, why));
}

bool Take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Cuts "[v6]" or a name off the front.
std::optional<std::string_view> TakeHost(std::string_view& text) {
  const bool is_v6 = Take(text, "[");
  const size_t end = text.find(is_v6 ? ']' : ':');
  const std::string_view host = text.substr(0, end);
  if (host.empty() || host.size() > kMaxHostSize || (is_v6 && end == text.npos)) return {};
  text.remove_prefix(end == text.npos ? text.size() : end + (is_v6 ? 1 : 0));
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:";
  if (host.find_first_not_of(kLetters) != host.npos) return {};
  return host;
}

std::optional<uint16_t> TakePort(std::string_view& text, uint16_t usual) {
  if (!Take(text, ":")) return usual;
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || port == 0) return {};
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return port;
}

}  // namespace

Result<TurnUrl> TurnUrl::Parse(std::string_view text) {
  std::string_view rest = text;
  const bool is_tls = Take(rest, "turns:");
  if (!is_tls && !Take(rest, "turn:")) return Bad(text, "it begins with neither turn: nor turns:");
  TurnUrl url{.text = std::string(text)};
  const size_t query = rest.find('?');
  std::string_view place = rest.substr(0, query);
  const auto host = TakeHost(place);
  const auto port = host ? TakePort(place, is_tls ? kTlsPort : kPort) : std::nullopt;
  if (!host || !port || !place.empty()) return Bad(text, "host and port are not as they must be");
  url.host = *host;
  url.port = *port;
  const std::string_view asked = query == rest.npos ? "" : rest.substr(query);
  const bool is_tcp = asked == "?transport=tcp";
  if (!asked.empty() && !is_tcp && asked != "?transport=udp") {
    return Bad(text, "behind the ? only transport=udp or transport=tcp may stand");
  }
  if (is_tls && asked == "?transport=udp") return Bad(text, "turns: goes over TCP");
  url.transport = is_tls ? Transport::kTls : is_tcp ? Transport::kTcp : Transport::kUdp;
  return url;
}

Result<TurnServer> TurnServer::Parse(std::string_view text) {
  TurnServer server;
  std::string_view rest = text;
  // A region comes before the first ':' if at all: URLs have '=' behind it only.
  const size_t equals = rest.find('=');
  if (equals < rest.find(':')) {
    server.region = rest.substr(0, equals);
    rest.remove_prefix(equals + 1);
  }
  while (!rest.empty()) {
    const size_t end = rest.find(' ');
    if (end != 0) {
      auto url = TurnUrl::Parse(rest.substr(0, end));
      if (!url) return std::unexpected(url.error());
      server.urls.push_back(std::move(*url));
    }
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  if (server.urls.empty()) return Bad(text, "it names no address");
  return server;
}

}  // namespace confab::gateway
