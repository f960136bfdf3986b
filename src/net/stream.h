#pragma once

#include <array>
#include <boost/asio/append.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/socket_address.h"
#include "net/asio.h"

namespace confab::net {

class TlsContext;

// A connected byte stream, plain TCP or TLS, as one type, so that HTTP and WebSocket are compiled
// once. Models Asio's AsyncReadStream and AsyncWriteStream. Owned by its connection's coroutine;
// moveable while nothing is pending.
class Stream {
 public:
  using executor_type = asio::any_io_executor;
  using TcpSocket = asio::ip::tcp::socket;
  using TlsSocket = asio::ssl::stream<TcpSocket&>;

  explicit Stream(TcpSocket socket);
  ~Stream();
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;

  executor_type get_executor() { return core_->socket.get_executor(); }
  const SocketAddress& peer() const { return core_->peer; }
  bool is_tls() const { return core_->tls.has_value(); }
  bool is_open() const { return core_->socket.is_open(); }

  // Server side: speaks TLS from here on.
  asio::awaitable<Result<void>> AcceptTls(const TlsContext& context);
  // Client side: `name` is for SNI, and checked where the context verifies.
  asio::awaitable<Result<void>> ConnectTls(asio::ssl::context& context, const std::string& name);

  // Closes the connection when `delta` has passed; replaces the deadline before. What is pending
  // then fails, and expired() is true for good.
  void ExpireAfter(TimeDelta delta);
  void NeverExpire();
  bool expired() const { return core_->expired; }

  // Drops the connection: everything pending fails with operation_aborted. May be repeated.
  void Close();
  // Ends our direction (FIN); reading goes on.
  void ShutdownSend();
  // The same after TLS's goodbye: sends close_notify and waits for the peer's. May overlap a read.
  asio::awaitable<void> FinishSend();

  // Gives bytes back: the next reads return them first.
  void Unread(std::string bytes) { core_->unread = std::move(bytes) + core_->unread; }

  // Coroutine forms, compiled once.
  asio::awaitable<Result<size_t>> Read(asio::mutable_buffer buffer);
  asio::awaitable<Result<void>> WriteAll(std::array<asio::const_buffer, 2> buffers);

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, size_t)>(
        [core = core_.get()](auto handler, const Buffers& to) {
          if (!core->unread.empty()) {
            const size_t count = asio::buffer_copy(to, asio::buffer(core->unread));
            core->unread.erase(0, count);
            asio::post(core->socket.get_executor(),
                       asio::append(std::move(handler), error_code{}, count));
          } else if (core->tls) {
            core->tls->async_read_some(to, std::move(handler));
          } else {
            core->socket.async_read_some(to, std::move(handler));
          }
        },
        token, buffers);
  }

  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, size_t)>(
        [core = core_.get()](auto handler, const Buffers& from) {
          if (core->tls) {
            core->tls->async_write_some(from, std::move(handler));
          } else {
            core->socket.async_write_some(from, std::move(handler));
          }
        },
        token, buffers);
  }

 private:
  struct Core {
    explicit Core(TcpSocket s);
    TcpSocket socket;
    std::optional<TlsSocket> tls;
    SocketAddress peer;
    std::string unread;
    asio::steady_timer timer;
    std::chrono::steady_clock::time_point deadline;
    bool expired = false;
    bool timer_runs = false;
  };

  static void ArmTimer(const std::shared_ptr<Core>& core);

  // Shared with the timer's pending wait only, which holds it weakly.
  std::shared_ptr<Core> core_;
};

// Resolves `host` and connects to the first address that answers. Bounded by `timeout`. Error:
// kUnavailable with what failed.
asio::awaitable<Result<Stream>> ConnectTcp(std::string host, uint16_t port, TimeDelta timeout);

// An Asio endpoint as our value; IPv4-mapped IPv6 becomes IPv4.
SocketAddress ToSocketAddress(const asio::ip::tcp::endpoint& endpoint);

}  // namespace confab::net
