#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "backends/discovery/consul/consul_message.h"
#include "backends/discovery/discovery.h"
#include "base/bucket_counts.h"
#include "net/http_message.h"

namespace confab::discovery {

// How the questions to Consul went, as DiscoveryStatus tells it.
struct ConsulCounts {
  uint64_t answered = 0;
  uint64_t unanswered = 0;
  BucketCounts answer_times{kCallTimes};
};

// The few requests of Consul's HTTP API that confab makes, each on a connection of its own to an
// agent that is near. Constant after construction but for its counts; must outlive its coroutines.
//
// Errors: kNotFound (404), kForbidden (401, 403: the token), kUnavailable (any other status than
// 2xx, or no answer), kInvalidMessage (an answer that cannot be read); each with what was asked.
class ConsulApi {
 public:
  static constexpr size_t kMaxAnswerBytes = 1024 * 1024;  // beyond: as no answer

  // `url`: http(s)://host:port, with a path where Consul's is below one. `token`: "" for none.
  ConsulApi(std::string url, std::string token);

  asio::awaitable<Result<void>> Register(const Instance& instance, TimeDelta ttl,
                                         TimeDelta limit) const;
  // The TTL check passes, for another `ttl`. kNotFound: the agent does not know it (any more).
  asio::awaitable<Result<void>> Renew(const Instance& instance, TimeDelta limit) const;
  // An instance that the agent does not know is deregistered already.
  asio::awaitable<Result<void>> Deregister(const Instance& instance, TimeDelta limit) const;

  struct Instances {
    ConsulAnswer answer;
    std::optional<uint64_t> index;  // X-Consul-Index
  };
  // The healthy ones. With an index above 0 Consul answers when there is something newer, and
  // otherwise after `wait` and up to a sixteenth more; `limit` is for what comes on top.
  asio::awaitable<Result<Instances>> Healthy(ServiceKind kind, uint64_t index, TimeDelta wait,
                                             TimeDelta limit) const;

  const ConsulCounts& counts() const { return *counts_; }

 private:
  enum class Timing : uint8_t { kTimed, kWaitsForNews };
  asio::awaitable<Result<net::HttpResponse>> Ask(std::string method, std::string path,
                                                 std::string body, TimeDelta limit,
                                                 Timing timing = Timing::kTimed) const;
  asio::awaitable<Result<net::HttpResponse>> AskOnce(std::string method, std::string path,
                                                     std::string body, TimeDelta limit) const;

  std::string url_;  // without '/' at its end
  std::string token_;
  std::shared_ptr<ConsulCounts> counts_ = std::make_shared<ConsulCounts>();  // with coroutines
};

}  // namespace confab::discovery
