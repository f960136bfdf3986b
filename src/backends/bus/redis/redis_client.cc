#include "backends/bus/redis/redis_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

namespace confab::bus {
namespace {

std::unexpected<Error> Stopped() {
  return Fail(ErrorCode::kUnavailable, "the bus is shut down");
}

}  // namespace

asio::awaitable<Result<Reply>> RedisClient::Ask(std::vector<std::string> words) {
  const auto self = shared_from_this();
  const auto connected = co_await Connect(self);
  if (!connected) co_return std::unexpected(connected.error());
  if (!self->wire_) co_return Fail(ErrorCode::kUnavailable, "the connection to Redis broke");
  const auto question = std::make_shared<Question>(self->io_.get_executor());
  if (self->questions_.empty()) self->wire_->ExpireAfter(self->request_);
  self->questions_.push_back(question);
  self->wire_->Write(words);
  co_await question->answered.Wait();
  co_return self->Judge(std::move(question->reply));
}

asio::awaitable<Result<Reply>> RedisClient::Run(Script script, std::vector<std::string> keys,
                                                std::vector<std::string> arguments) {
  const auto self = shared_from_this();
  const auto connected = co_await Connect(self);
  if (!connected) co_return std::unexpected(connected.error());
  std::vector<std::string> words{"EVALSHA", self->hashes_[static_cast<size_t>(script)],
                                 std::to_string(keys.size())};
  words.reserve(words.size() + keys.size() + arguments.size());
  for (std::string& key : keys) words.push_back(std::move(key));
  for (std::string& argument : arguments) words.push_back(std::move(argument));
  co_return co_await self->Ask(std::move(words));
}

Result<Reply> RedisClient::Judge(Result<Reply> reply) {
  if (!reply || !reply->is_error()) return reply;
  const std::string& text = reply->text;
  if (text.starts_with("OOM")) {
    return Fail(ErrorCode::kLimitExceeded,
                "Redis is full and takes nothing new: give it more memory (maxmemory)");
  }
  // The connection that comes next loads the scripts again.
  if (text.starts_with("NOSCRIPT") && wire_) wire_->Close();
  return Fail(ErrorCode::kUnavailable, "Redis refuses what it is asked: " + text);
}

asio::awaitable<Result<void>> RedisClient::Connect(std::shared_ptr<RedisClient> self) {
  if (self->is_stopped_) co_return Stopped();
  if (self->wire_) co_return Result<void>();
  if (self->is_opening_) {
    co_await self->opened_.Wait();
    co_return self->open_result_;
  }
  self->is_opening_ = true;
  self->opened_.Reset();
  self->open_result_ = co_await Open(self);
  self->is_opening_ = false;
  self->opened_.Set();
  co_return self->open_result_;
}

asio::awaitable<Result<void>> RedisClient::Open(std::shared_ptr<RedisClient> self) {
  auto wire = co_await RedisWire::Open(self->options_, self->request_);
  if (!wire) co_return std::unexpected(wire.error());
  if (self->is_stopped_) co_return Stopped();
  (*wire)->ExpireAfter(self->request_);
  const auto loaded = co_await LoadScripts(self, *wire);
  if (!loaded) co_return std::unexpected(loaded.error());
  if (self->is_stopped_) co_return Stopped();
  (*wire)->NeverExpire();
  self->wire_ = *wire;
  asio::co_spawn(self->io_, ReadAll(self, *wire), asio::detached);
  co_return Result<void>();
}

asio::awaitable<Result<void>> RedisClient::LoadScripts(std::shared_ptr<RedisClient> self,
                                                       std::shared_ptr<RedisWire> wire) {
  for (size_t i = 0; i < kScriptCount; ++i) {
    std::vector<std::string> words{"SCRIPT", "LOAD", std::string(ScriptTexts()[i])};
    const auto answer = co_await wire->Ask(std::move(words));
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->is_error()) {
      co_return Fail(ErrorCode::kUnavailable, "Redis refuses confab's scripts: " + answer->text);
    }
    self->hashes_[i] = answer->text;
  }
  co_return Result<void>();
}

asio::awaitable<void> RedisClient::ReadAll(std::shared_ptr<RedisClient> self,
                                           std::shared_ptr<RedisWire> wire) {
  for (;;) {
    auto reply = co_await wire->Read();
    if (!reply) {
      self->Lose(wire, reply.error());
      co_return;
    }
    if (self->wire_ != wire || self->questions_.empty()) continue;
    const auto question = self->questions_.front();
    self->questions_.pop_front();
    question->reply = std::move(reply);
    question->answered.Set();
    // While something is waited for, Redis has to answer something in time.
    if (self->questions_.empty()) {
      wire->NeverExpire();
    } else {
      wire->ExpireAfter(self->request_);
    }
  }
}

void RedisClient::Lose(const std::shared_ptr<RedisWire>& wire, const Error& error) {
  wire->Close();
  if (wire_ != wire) return;
  wire_.reset();
  for (const auto& question : std::exchange(questions_, {})) {
    question->reply = std::unexpected(error);
    question->answered.Set();
  }
}

void RedisClient::Stop() {
  is_stopped_ = true;
  if (wire_) wire_->Close();  // its reader sees to the questions
}

}  // namespace confab::bus
