#include "app/rtp/udp_ports.h"

#include <fmt/format.h>

#include <boost/asio/ip/udp.hpp>
#include <fstream>
#include <iterator>
#include <optional>

#include "net/asio.h"

namespace confab::app {
namespace {

using asio::ip::udp;

constexpr int kTries = 64;

std::optional<udp::socket> Bind(asio::io_context& io, const asio::ip::address& address,
                                uint16_t port) {
  udp::socket socket(io);
  error_code error;
  const udp::endpoint endpoint(address, port);
  if (socket.open(endpoint.protocol(), error) || socket.bind(endpoint, error)) return std::nullopt;
  return socket;
}

std::string ReadAll(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Result<uint16_t> FindFreePortPair(const std::string& ip) {
  error_code error;
  const auto address = asio::ip::make_address(ip, error);
  if (error) return Fail(ErrorCode::kUnavailable, fmt::format("{} is no IP address", ip));
  asio::io_context io;
  for (int i = 0; i < kTries; ++i) {
    const auto any = Bind(io, address, 0);
    if (!any) {
      return Fail(ErrorCode::kUnavailable, fmt::format("{} is no address of this machine", ip));
    }
    const uint16_t port = any->local_endpoint().port();
    if (port % 2 == 0 && port < UINT16_MAX && Bind(io, address, port + 1)) return port;
  }
  return Fail(ErrorCode::kUnavailable, "no two neighbouring UDP ports are free");
}

// A line of the table: "  12: 0100007F:A028 00000000:0000 07 …", the second field being the local
// address and port, in hexadecimal (proc_net_udp(5)).
bool IsBound(std::string_view table, uint16_t port) {
  const std::string wanted = fmt::format(":{:04X} ", port);
  while (!table.empty()) {
    const std::string_view line = table.substr(0, table.find('\n'));
    table.remove_prefix(std::min(line.size() + 1, table.size()));
    const size_t local = line.find(": ");
    if (local == line.npos) continue;
    const size_t end = line.find(' ', local + 2);
    if (end == line.npos) continue;
    if (line.substr(local + 2, end - local - 1).ends_with(wanted)) return true;
  }
  return false;
}

bool IsBound(uint16_t port) {
  return IsBound(ReadAll("/proc/net/udp"), port) || IsBound(ReadAll("/proc/net/udp6"), port);
}

}  // namespace confab::app
