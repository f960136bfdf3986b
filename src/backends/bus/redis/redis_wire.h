#pragma once

#include <array>
#include <boost/asio/ssl/context.hpp>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "backends/bus/limits.h"
#include "backends/bus/redis/redis_options.h"
#include "backends/bus/redis/reply.h"
#include "net/event.h"
#include "net/stream.h"

namespace confab::bus {

// One connection to Redis: commands go out in order, replies come in. Shared with its coroutines.
// One thread.
class RedisWire : public std::enable_shared_from_this<RedisWire> {
 public:
  // More than this unsent: Redis does not read, the connection is given up.
  static constexpr size_t kMaxUnsentOctets = 64 * 1024 * 1024;

  // Connects, and signs in. Error kUnavailable.
  static asio::awaitable<Result<std::shared_ptr<RedisWire>>> Open(
      std::shared_ptr<const RedisOptions> options, TimeDelta limit);

  explicit RedisWire(net::Stream stream) : stream_(std::move(stream)) {}

  void Write(const std::vector<std::string>& words);
  // The next reply. One at a time.
  asio::awaitable<Result<Reply>> Read();
  // Writes and reads one, for as long as nothing else is under way.
  asio::awaitable<Result<Reply>> Ask(std::vector<std::string> words);
  // Everything under way fails when `delta` has passed; replaces the deadline before.
  void ExpireAfter(TimeDelta delta) { stream_.ExpireAfter(delta); }
  void NeverExpire() { stream_.NeverExpire(); }
  void Close() { stream_.Close(); }
  bool is_open() const { return stream_.is_open(); }

 private:
  static asio::awaitable<void> Flush(std::shared_ptr<RedisWire> self);
  asio::awaitable<Result<void>> SignIn(std::shared_ptr<const RedisOptions> options);

  std::unique_ptr<asio::ssl::context> tls_;  // outlives the stream
  net::Stream stream_;
  std::array<char, 16 * 1024> chunk_;
  ReplyReader reader_;
  std::string unsent_;
  bool is_flushing_ = false;
};

}  // namespace confab::bus
