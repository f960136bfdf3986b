#include "backends/store/postgres/connection_parameters.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <memory>
#include <utility>

#include "backends/store/postgres/postgres_fault.h"

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

// Three lists of equal length, as libpq wants them.
class HostLists {
 public:
  void Add(const std::string& host, const std::string& address, const std::string& port) {
    if (count_ == kMaxAddresses) return;
    const std::string_view comma = count_ == 0 ? "" : ",";
    hosts_ += fmt::format("{}{}", comma, host);
    addresses_ += fmt::format("{}{}", comma, address);
    ports_ += fmt::format("{}{}", comma, port);
    ++count_;
  }
  bool is_empty() const { return count_ == 0; }
  void WriteTo(ConnectionParameters& parameters) const {
    parameters["host"] = hosts_;
    parameters["hostaddr"] = addresses_;
    parameters["port"] = ports_;
  }

 private:
  size_t count_ = 0;
  std::string hosts_;
  std::string addresses_;
  std::string ports_;
};

// A folder, or an abstract socket.
bool IsSocket(const std::string& host) {
  return host.empty() || host.starts_with('/') || host.starts_with('@');
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

asio::awaitable<StoreResult<ConnectionParameters>> ResolveHosts(ConnectionParameters parameters) {
  const auto host_list = parameters.find("host");
  if (host_list == parameters.end() || parameters.contains("hostaddr")) co_return parameters;
  const std::vector<std::string> hosts = Split(host_list->second);
  const std::vector<std::string> ports = Split(parameters["port"]);
  asio::ip::tcp::resolver resolver(co_await asio::this_coro::executor);
  HostLists lists;
  error_code failed;
  for (size_t i = 0; i < hosts.size(); ++i) {
    const std::string port = ports.size() == 1 ? ports[0] : i < ports.size() ? ports[i] : "";
    if (IsSocket(hosts[i])) {
      lists.Add(hosts[i], "", port);
      continue;
    }
    const auto found = co_await resolver.async_resolve(
        hosts[i], "", asio::redirect_error(asio::use_awaitable, failed));
    for (const auto& each : found) {
      lists.Add(hosts[i], each.endpoint().address().to_string(), port);
    }
  }
  if (lists.is_empty()) {
    co_return FailStore(StoreFault::kUnavailable,
                        fmt::format("PostgreSQL's host {} has no address ({}); look at its name "
                                    "and at the DNS",
                                    host_list->second, failed.message()));
  }
  lists.WriteTo(parameters);
  co_return parameters;
}

}  // namespace confab::store
