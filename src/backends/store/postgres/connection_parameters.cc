#include "backends/store/postgres/connection_parameters.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <utility>

#include "net/lookup.h"

namespace confab::store {
namespace {

// More addresses than these are not tried.
constexpr size_t kMaxAddresses = 16;

struct Default {
  const char* keyword;
  const char* value;
};
constexpr std::array kDefaults = {
    Default{"application_name", "confab"},
    Default{"client_encoding", "UTF8"},
    // After a failover the server that only reads is left for the one that writes.
    Default{"target_session_attrs", "read-write"},
    // Its negotiation may block, and TLS does the same work.
    Default{"gssencmode", "disable"},
    // A peer that vanished without a word is noticed in seconds, not in two hours.
    Default{"keepalives_idle", "5"},
    Default{"keepalives_interval", "2"},
    Default{"keepalives_count", "3"},
    Default{"tcp_user_timeout", "10000"},
};

struct Freer {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
  void operator()(char* text) const { PQfreemem(text); }
};

std::vector<std::string> Split(const std::string& list) {
  std::vector<std::string> parts(1);
  for (const char c : list) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

// A folder, or an abstract socket.
bool IsSocket(const std::string& host) {
  return host.empty() || host.starts_with('/') || host.starts_with('@');
}

// One server as libpq names it; "" is libpq's default.
struct Place {
  std::string host;
  std::string address;
  std::string port;
};

// As the URL lists them. None: the lists are of different lengths.
std::vector<Place> PlacesOf(ConnectionParameters parameters) {
  const std::vector<std::string> hosts = Split(parameters["host"]);
  const std::vector<std::string> addresses = Split(parameters["hostaddr"]);
  const std::vector<std::string> ports = Split(parameters["port"]);
  std::vector<Place> places(std::max(hosts.size(), addresses.size()));
  const bool fit = (hosts.size() == places.size() || hosts[0].empty()) &&
                   (addresses.size() == places.size() || addresses[0].empty()) &&
                   (ports.size() == places.size() || ports.size() == 1);
  if (!fit) return {};
  for (size_t i = 0; i < places.size(); ++i) {
    if (i < hosts.size()) places[i].host = hosts[i];
    if (i < addresses.size()) places[i].address = addresses[i];
    places[i].port = ports.size() == 1 ? ports[0] : ports[i];
  }
  return places;
}

std::vector<ConnectionParameters> InTurn(ConnectionParameters parameters,
                                         const std::vector<Place>& places) {
  constexpr const char* kKind = "target_session_attrs";
  std::vector<ConnectionParameters> servers;
  const auto add_all = [&](const char* kind) {
    parameters[kKind] = kind;
    for (const Place& place : places) {
      ConnectionParameters& server = servers.emplace_back(parameters);
      server["host"] = place.host;
      server["hostaddr"] = place.address;
      server["port"] = place.port;
    }
  };
  const std::string wanted = parameters[kKind];
  if (wanted == "prefer-standby") {
    add_all("standby");
    add_all("any");
  } else {
    add_all(wanted.c_str());
  }
  return servers;
}

}  // namespace

Result<ConnectionParameters> ParseConnectionUrl(const std::string& url) {
  const bool is_url = url.starts_with("postgresql://") || url.starts_with("postgres://");
  char* why = nullptr;
  const std::unique_ptr<PQconninfoOption, Freer> parsed(is_url ? PQconninfoParse(url.c_str(), &why)
                                                               : nullptr);
  const std::unique_ptr<char, Freer> owned(why);
  if (!parsed) {
    // libpq's words may repeat a part of the URL, and that part may be the password.
    return Fail(ErrorCode::kInvalidConfiguration,
                "The store's URL cannot be PostgreSQL's: give it as "
                "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with special characters as %XX");
  }
  ConnectionParameters parameters;
  for (const Default& each : kDefaults) parameters[each.keyword] = each.value;
  for (const PQconninfoOption* each = parsed.get(); each->keyword != nullptr; ++each) {
    if (each->val != nullptr) parameters[each->keyword] = each->val;
  }
  return parameters;
}

asio::awaitable<StoreResult<std::vector<ConnectionParameters>>> FindServers(
    ConnectionParameters parameters, TimeDelta limit) {
  const auto end = std::chrono::steady_clock::now() + ToChrono(limit);
  const std::vector<Place> listed = PlacesOf(parameters);
  if (listed.empty()) {
    // libpq has the words for it.
    std::vector<ConnectionParameters> as_they_are;
    as_they_are.push_back(std::move(parameters));
    co_return as_they_are;
  }
  std::vector<Place> places;
  error_code failed;
  for (const Place& place : listed) {
    if (!place.address.empty() || IsSocket(place.host)) {
      places.push_back(place);
      continue;
    }
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
        end - std::chrono::steady_clock::now());
    const net::FoundAddresses found =
        co_await net::LookUp(place.host, TimeDelta::Micros(left.count()));
    failed = found.failed;
    for (const asio::ip::address& address : found.addresses) {
      places.push_back({.host = place.host, .address = address.to_string(), .port = place.port});
    }
  }
  if (places.empty()) {
    co_return FailStore(StoreFault::kUnavailable,
                        fmt::format("PostgreSQL's host {} has no address ({}); look at its name "
                                    "and at the DNS",
                                    parameters["host"], failed.message()));
  }
  if (places.size() > kMaxAddresses) places.resize(kMaxAddresses);
  co_return InTurn(std::move(parameters), places);
}

}  // namespace confab::store
