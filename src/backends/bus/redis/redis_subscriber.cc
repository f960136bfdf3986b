#include "backends/bus/redis/redis_subscriber.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "net/clock.h"

namespace confab::bus {
namespace {

constexpr size_t kChannelsPerCommand = 256;

void WriteInPieces(RedisWire& wire, const char* command, const std::set<std::string>& names) {
  std::vector<std::string> words{command};
  for (const std::string& name : names) {
    words.push_back(name);
    if (words.size() <= kChannelsPerCommand) continue;
    wire.Write(words);
    words.resize(1);
  }
  if (words.size() > 1) wire.Write(words);
}

Error SubscriptionRefused(const Reply& reply) {
  return {ErrorCode::kUnavailable,
          "it refuses what it is asked (" + reply.text + "): check bus.* and what its user may"};
}

}  // namespace

void RedisSubscriber::Start(Listener listener) {
  listener_ = std::move(listener);
  asio::co_spawn(io_, Run(shared_from_this()), asio::detached);
}

void RedisSubscriber::Stop() {
  is_stopped_ = true;
  again_.Set();
  if (wire_) wire_->Close();
}

void RedisSubscriber::Subscribe(const std::string& channel) {
  channels_.insert(channel);
  if (wire_) wire_->Write({"SUBSCRIBE", channel});
}

void RedisSubscriber::Unsubscribe(const std::string& channel) {
  channels_.erase(channel);
  if (wire_) wire_->Write({"UNSUBSCRIBE", channel});
}

void RedisSubscriber::SubscribePattern(const std::string& pattern) {
  patterns_.insert(pattern);
  if (wire_) wire_->Write({"PSUBSCRIBE", pattern});
}

asio::awaitable<void> RedisSubscriber::Run(std::shared_ptr<RedisSubscriber> self) {
  while (!self->is_stopped_) {
    const auto wire = co_await RedisWire::Open(self->options_, self->times_.request);
    if (self->is_stopped_) break;
    if (wire) {
      const Error why = co_await ReadAll(self, *wire);
      if (self->is_stopped_) break;
      self->Miss(why);
    } else {
      self->Miss(wire.error());
    }
    co_await self->again_.Wait(self->pause_);
    self->pause_ = std::min(self->pause_ * 2, self->times_.most_back_off);
  }
}

asio::awaitable<Error> RedisSubscriber::ReadAll(std::shared_ptr<RedisSubscriber> self,
                                                std::shared_ptr<RedisWire> wire) {
  self->wire_ = wire;
  self->SubscribeEverything();
  asio::co_spawn(self->io_, KeepAsking(self, wire), asio::detached);
  Error why;
  for (;;) {
    const auto reply = co_await wire->Read();
    if (self->is_stopped_) break;
    if (!reply) {
      why = reply.error();
      break;
    }
    if (reply->is_error()) {
      why = SubscriptionRefused(*reply);
      break;
    }
    self->Take(*reply);
    wire->ExpireAfter(self->times_.request * 2);
  }
  wire->Close();
  self->wire_.reset();
  co_return why;
}

// A connection that is silent may be dead: Redis is asked for a sign now and then.
asio::awaitable<void> RedisSubscriber::KeepAsking(std::shared_ptr<RedisSubscriber> self,
                                                  std::shared_ptr<RedisWire> wire) {
  wire->ExpireAfter(self->times_.request * 2);
  while (wire->is_open() && !self->is_stopped_) {
    wire->Write({"PING"});
    asio::steady_timer timer(self->io_, ToChrono(self->times_.request));
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

void RedisSubscriber::SubscribeEverything() {
  WriteInPieces(*wire_, "SUBSCRIBE", channels_);
  WriteInPieces(*wire_, "PSUBSCRIBE", patterns_);
}

void RedisSubscriber::Take(const Reply& reply) {
  const std::string_view kind = reply.TextAt(0);
  const std::string channel(reply.TextAt(1));
  if (kind == "message") {
    if (channels_.contains(channel)) listener_.on_message(channel, std::string(reply.TextAt(2)));
  } else if (kind == "pmessage") {
    listener_.on_message(std::string(reply.TextAt(2)), std::string(reply.TextAt(3)));
  } else if (kind == "subscribe" || kind == "psubscribe") {
    listener_.on_subscribed(channel);
  } else if (kind == "pong") {
    Hear();  // answers come in order: all that was asked for before is granted
  }
}

void RedisSubscriber::Hear() {
  pause_ = times_.first_back_off;
  missing_since_.reset();
  if (std::exchange(is_deaf_, false)) listener_.on_hearing("");
}

void RedisSubscriber::Miss(const Error& error) {
  const Timestamp now = net::MonotonicNow();
  if (!missing_since_) missing_since_ = now;
  if (now - *missing_since_ < times_.deaf) return;
  is_deaf_ = true;
  listener_.on_hearing("Redis does not tell what happens: " + error.message);
}

}  // namespace confab::bus
