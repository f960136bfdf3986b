#include "net/stream.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <vector>

#include "net/lookup.h"
#include "net/tls_context.h"

namespace confab::net {
namespace {

using Clock = std::chrono::steady_clock;
using asio::ip::tcp;

std::unexpected<Error> Broken(const char* what, error_code ec) {
  return Fail(ErrorCode::kUnavailable, std::string(what) + ": " + ec.message());
}

}  // namespace

Stream::Core::Core(TcpSocket s) : socket(std::move(s)), timer(socket.get_executor()) {
  error_code ec;
  const auto endpoint = socket.remote_endpoint(ec);
  if (!ec) peer = ToSocketAddress(endpoint);
  socket.set_option(tcp::no_delay(true), ec);  // fails where the peer is gone: reads will tell
}

Stream::Stream(TcpSocket socket) : core_(std::make_shared<Core>(std::move(socket))) {}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

asio::awaitable<Result<void>> Stream::AcceptTls(const TlsContext& context) {
  core_->tls.emplace(core_->socket, context.native());
  error_code ec;
  co_await core_->tls->async_handshake(asio::ssl::stream_base::server,
                                       asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return Broken("TLS handshake", ec);
  co_return Result<void>();
}

asio::awaitable<Result<void>> Stream::ConnectTls(asio::ssl::context& context,
                                                 const std::string& name) {
  core_->tls.emplace(core_->socket, context);
  // SNI carries names only (RFC 6066 §3).
  if (!SocketAddress::Parse(name, 0)) {
    SSL_set_tlsext_host_name(core_->tls->native_handle(), name.c_str());
  }
  error_code ec;
  co_await core_->tls->async_handshake(asio::ssl::stream_base::client,
                                       asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return Broken("TLS handshake", ec);
  co_return Result<void>();
}

void Stream::ExpireAfter(TimeDelta delta) {
  core_->deadline = Clock::now() + ToChrono(delta);
  // A timer that fires earlier finds the later deadline by itself: moving a deadline costs nothing.
  if (!core_->timer_runs || core_->timer.expiry() > core_->deadline) ArmTimer(core_);
}

void Stream::NeverExpire() {
  core_->deadline = Clock::time_point::max();
}

void Stream::ArmTimer(const std::shared_ptr<Core>& core) {
  core->timer_runs = true;
  core->timer.expires_at(core->deadline);
  core->timer.async_wait([weak = std::weak_ptr(core)](error_code ec) {
    const auto self = weak.lock();
    if (!self || ec) return;
    self->timer_runs = false;
    if (self->deadline == Clock::time_point::max()) return;
    if (Clock::now() < self->deadline) return ArmTimer(self);
    self->expired = true;
    self->socket.close(ec);
  });
}

void Stream::Close() {
  error_code ignored;
  core_->socket.close(ignored);
}

void Stream::ShutdownSend() {
  error_code ignored;
  core_->socket.shutdown(tcp::socket::shutdown_send, ignored);
}

asio::awaitable<void> Stream::FinishSend() {
  if (core_->tls) {
    error_code ignored;
    co_await core_->tls->async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
  }
  ShutdownSend();
}

asio::awaitable<Result<size_t>> Stream::Read(asio::mutable_buffer buffer) {
  error_code ec;
  const size_t count =
      co_await async_read_some(buffer, asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return Broken("read", ec);
  co_return count;
}

asio::awaitable<Result<void>> Stream::WriteAll(std::array<asio::const_buffer, 2> buffers) {
  error_code ec;
  co_await asio::async_write(*this, buffers, asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return Broken("write", ec);
  co_return Result<void>();
}

namespace {

// What a connection attempt owns; the timer's wait looks at it weakly.
struct Attempt {
  explicit Attempt(const asio::any_io_executor& executor) : socket(executor) {}
  tcp::socket socket;
  bool expired = false;
};

std::vector<tcp::endpoint> EndpointsOf(const FoundAddresses& found, uint16_t port) {
  std::vector<tcp::endpoint> endpoints;
  for (const asio::ip::address& address : found.addresses) endpoints.emplace_back(address, port);
  return endpoints;
}

}  // namespace

asio::awaitable<Result<Stream>> ConnectTcp(std::string host, uint16_t port, TimeDelta timeout) {
  const auto executor = co_await asio::this_coro::executor;
  const auto attempt = std::make_shared<Attempt>(executor);
  asio::steady_timer timer(executor, ToChrono(timeout));
  timer.async_wait([weak = std::weak_ptr(attempt)](error_code ec) {
    const auto self = weak.lock();
    if (!self || ec) return;
    self->expired = true;
    self->socket.close(ec);
  });
  const std::string target = host + ":" + std::to_string(port);
  const FoundAddresses found = co_await LookUp(host, timeout);
  error_code ec = found.failed;
  if (!ec && !attempt->expired) {
    const std::vector<tcp::endpoint> endpoints = EndpointsOf(found, port);
    co_await asio::async_connect(attempt->socket, endpoints,
                                 asio::redirect_error(asio::use_awaitable, ec));
  }
  const bool is_late = attempt->expired || found.failed == asio::error::timed_out;
  if (is_late) co_return Fail(ErrorCode::kUnavailable, target + ": time-out");
  if (ec) co_return Broken(target.c_str(), ec);
  co_return Stream(std::move(attempt->socket));
}

SocketAddress ToSocketAddress(const tcp::endpoint& endpoint) {
  const auto address = endpoint.address();
  if (address.is_v4()) return SocketAddress::Ipv4(address.to_v4().to_bytes(), endpoint.port());
  if (address.to_v6().is_v4_mapped()) {
    const auto v4 = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return SocketAddress::Ipv4(v4.to_bytes(), endpoint.port());
  }
  return SocketAddress::Ipv6(address.to_v6().to_bytes(), endpoint.port());
}

}  // namespace confab::net
