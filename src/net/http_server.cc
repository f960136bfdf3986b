#include "net/http_server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/http_connection.h"
#include "net/http_server_state.h"

namespace confab::net {
namespace {

using asio::ip::tcp;

// After accept has failed, usually for want of file descriptors.
constexpr TimeDelta kAcceptPause = TimeDelta::Millis(100);
// What a handler has to end after its connection was closed by Stop().
constexpr TimeDelta kLastWait = TimeDelta::Seconds(1);

Result<tcp::acceptor> Bind(const asio::any_io_executor& executor, const tcp::endpoint& endpoint,
                           error_code& ec) {
  tcp::acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec && endpoint.address().is_v6()) {
    acceptor.set_option(asio::ip::v6_only(!endpoint.address().is_unspecified()), ec);
  }
  if (!ec) acceptor.bind(endpoint, ec);
  if (!ec) acceptor.listen(tcp::acceptor::max_listen_connections, ec);
  if (!ec) return acceptor;
  return Fail(ErrorCode::kUnavailable,
              "cannot listen on " + ToSocketAddress(endpoint).ToString() + ": " + ec.message());
}

void CloseAll(const std::unordered_set<HttpConnection*>& connections) {
  for (HttpConnection* connection : connections) connection->Close();
}

}  // namespace

HttpServer::HttpServer(asio::io_context& io, HttpHandler& handler, HttpServerOptions options)
    : state_(std::make_shared<State>(io, handler, std::move(options))) {}

HttpServer::~HttpServer() {
  state_->is_stopping = true;
  error_code ignored;
  for (auto& acceptor : state_->acceptors) acceptor.close(ignored);
  CloseAll(state_->connections);
}

namespace {

template <typename State>
asio::awaitable<void> Accept(std::shared_ptr<State> state, tcp::acceptor& acceptor,
                             std::shared_ptr<const TlsContext> tls) {
  const auto executor = acceptor.get_executor();
  while (!state->is_stopping && acceptor.is_open()) {
    error_code ec;
    tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, ec));
    if (ec) {
      if (acceptor.is_open()) {
        ++state->counters.failed_accepts;
        state->Tell("cannot accept connections: " + ec.message());
      }
      asio::steady_timer pause(executor, ToChrono(kAcceptPause));
      if (acceptor.is_open()) {
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
      }
      continue;
    }
    ++state->counters.accepted;
    if (state->connections.size() >= state->options.max_connections) {
      ++state->counters.refused_connections;
      state->Tell("all " + std::to_string(state->options.max_connections) +
                  " connections are in use; further ones are closed");
      continue;  // the destructor closes it
    }
    const auto connection = std::make_shared<HttpConnection>(state, std::move(socket));
    asio::co_spawn(
        executor, [connection, tls]() -> asio::awaitable<void> { co_await connection->Run(tls); },
        asio::detached);
  }
}

}  // namespace

Result<SocketAddress> HttpServer::Listen(const HttpListenOptions& options) {
  error_code ec;
  const auto ip = asio::ip::make_address(options.address, ec);
  if (ec) {
    return Fail(ErrorCode::kInvalidConfiguration,
                "'" + options.address + "' is no address to listen on; give an IPv4 or IPv6 one");
  }
  const auto executor = state_->emptied.get_executor();
  Result<tcp::acceptor> bound = Fail(ErrorCode::kUnavailable, "no port was tried");
  for (uint32_t i = 0; i < std::max<uint32_t>(options.port_tries, 1); ++i) {
    if (options.port + i > UINT16_MAX) break;
    bound = Bind(executor, {ip, static_cast<uint16_t>(options.port + i)}, ec);
    if (bound || ec != asio::error::address_in_use) break;
  }
  if (!bound) return std::unexpected(bound.error());
  const SocketAddress taken = ToSocketAddress(bound->local_endpoint());
  tcp::acceptor& acceptor = state_->acceptors.emplace_back(std::move(*bound));
  asio::co_spawn(executor, Accept(state_, acceptor, options.tls), asio::detached);
  return taken;
}

asio::awaitable<void> HttpServer::Stop(TimeDelta deadline) {
  const auto state = state_;
  state->is_stopping = true;
  error_code ignored;
  for (auto& acceptor : state->acceptors) acceptor.close(ignored);
  for (HttpConnection* connection : state->connections) {
    if (connection->is_idle()) connection->Close();
  }
  if (state->connections.empty()) co_return;
  state->emptied.Reset();
  co_await state->emptied.Wait(deadline);
  if (state->emptied.is_set()) co_return;
  CloseAll(state->connections);
  co_await state->emptied.Wait(kLastWait);
}

const HttpServerCounters& HttpServer::counters() const {
  return state_->counters;
}

}  // namespace confab::net
