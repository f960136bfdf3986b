#include "backends/bus/redis/redis_wire.h"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <utility>

namespace confab::bus {
namespace {

std::unexpected<Error> Refused(const char* what, const std::string& answer) {
  return Fail(ErrorCode::kUnavailable,
              std::string("Redis refuses ") + what + " (" + answer + "): check bus.*");
}

// What TLS needs of the client. The context outlives the connection's stream.
asio::awaitable<Result<void>> SecureStream(net::Stream& stream, asio::ssl::context& context,
                                           const RedisOptions& options) {
  error_code ec;
  if (options.ca_file.empty()) {
    context.set_default_verify_paths(ec);
  } else {
    context.load_verify_file(options.ca_file, ec);
  }
  if (ec) {
    co_return Fail(ErrorCode::kUnavailable,
                   "the authorities for Redis cannot be read (" + ec.message() + ")");
  }
  context.set_verify_mode(asio::ssl::verify_peer);
  context.set_verify_callback(asio::ssl::host_name_verification(options.host));
  co_return co_await stream.ConnectTls(context, options.host);
}

}  // namespace

asio::awaitable<Result<std::shared_ptr<RedisWire>>> RedisWire::Open(
    std::shared_ptr<const RedisOptions> options, TimeDelta limit) {
  auto stream = co_await net::ConnectTcp(options->host, options->port, limit);
  if (!stream) {
    co_return Fail(ErrorCode::kUnavailable,
                   "Redis cannot be reached: " + std::move(stream.error().message));
  }
  const auto wire = std::make_shared<RedisWire>(std::move(*stream));
  wire->ExpireAfter(limit);
  if (options->security == RedisOptions::Security::kTls) {
    wire->tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    const auto secured = co_await SecureStream(wire->stream_, *wire->tls_, *options);
    if (!secured) co_return std::unexpected(secured.error());
  }
  const auto signed_in = co_await wire->SignIn(options);
  if (!signed_in) co_return std::unexpected(signed_in.error());
  wire->stream_.NeverExpire();
  co_return wire;
}

asio::awaitable<Result<void>> RedisWire::SignIn(std::shared_ptr<const RedisOptions> options) {
  if (!options->password.empty()) {
    std::vector<std::string> words{"AUTH"};
    if (!options->user.empty()) words.push_back(options->user);
    words.push_back(options->password);
    const auto answer = co_await Ask(std::move(words));
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->is_error()) co_return Refused("the password", answer->text);
  }
  if (options->database != 0) {
    std::vector<std::string> words{"SELECT", std::to_string(options->database)};
    const auto answer = co_await Ask(std::move(words));
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->is_error()) co_return Refused("the database", answer->text);
  }
  co_return Result<void>();
}

void RedisWire::Write(const std::vector<std::string>& words) {
  unsent_ += FormatCommand(words);
  if (unsent_.size() > kMaxUnsentOctets) return Close();
  if (is_flushing_) return;
  is_flushing_ = true;
  asio::co_spawn(stream_.get_executor(), Flush(shared_from_this()), asio::detached);
}

asio::awaitable<void> RedisWire::Flush(std::shared_ptr<RedisWire> self) {
  while (!self->unsent_.empty() && self->is_open()) {
    const std::string bytes = std::exchange(self->unsent_, {});
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(bytes), asio::const_buffer()};
    const auto written = co_await self->stream_.WriteAll(buffers);
    if (!written) self->Close();
  }
  self->is_flushing_ = false;
}

asio::awaitable<Result<Reply>> RedisWire::Read() {
  const auto self = shared_from_this();
  for (;;) {
    auto next = self->reader_.Next();
    if (!next) co_return std::unexpected(next.error());
    if (*next) co_return std::move(**next);
    const auto count = co_await self->stream_.Read(asio::buffer(self->chunk_));
    if (!count) {
      const std::string why =
          self->stream_.expired() ? "Redis does not answer" : "the connection to Redis broke";
      co_return Fail(ErrorCode::kUnavailable, why + " (" + count.error().message + ")");
    }
    const auto fed = self->reader_.Feed({self->chunk_.data(), *count});
    if (!fed) co_return std::unexpected(fed.error());
  }
}

asio::awaitable<Result<Reply>> RedisWire::Ask(std::vector<std::string> words) {
  Write(words);
  co_return co_await Read();
}

}  // namespace confab::bus
