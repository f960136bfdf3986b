#include "backends/discovery/consul/consul_api.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "net/clock.h"
#include "net/http_fetch.h"

namespace confab::discovery {
namespace {

constexpr size_t kShownBodySize = 200;
constexpr int kWaitJitterPart = 16;  // "up to wait / 16 additional time"

// The body of a refusal as a part of one line.
std::string ShowBody(std::string_view body) {
  std::string shown(body.substr(0, kShownBodySize));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return shown;
}

ErrorCode CodeOf(unsigned status) {
  if (status == 404) return ErrorCode::kNotFound;
  return status == 401 || status == 403 ? ErrorCode::kForbidden : ErrorCode::kUnavailable;
}

std::optional<uint64_t> ParseIndex(std::string_view text) {
  uint64_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return {};
  return index;
}

Result<void> Discard(const Result<net::HttpResponse>& response) {
  if (!response) return std::unexpected(response.error());
  return {};
}

}  // namespace

ConsulApi::ConsulApi(std::string url, std::string token)
    : url_(std::move(url)), token_(std::move(token)) {
  while (url_.ends_with('/')) url_.pop_back();
}

asio::awaitable<Result<net::HttpResponse>> ConsulApi::Ask(std::string method, std::string path,
                                                          std::string body, TimeDelta limit,
                                                          Timing timing) const {
  const std::shared_ptr<ConsulCounts> counts = counts_;
  const Timestamp begun = net::MonotonicNow();
  auto response = co_await AskOnce(std::move(method), std::move(path), std::move(body), limit);
  // Consul has answered, too, where it says that it does not know an instance.
  if (!response && response.error().code != ErrorCode::kNotFound) {
    ++counts->unanswered;
    co_return response;
  }
  ++counts->answered;
  if (timing == Timing::kTimed) counts->answer_times.Observe(net::MonotonicNow() - begun);
  co_return response;
}

asio::awaitable<Result<net::HttpResponse>> ConsulApi::AskOnce(std::string method, std::string path,
                                                              std::string body,
                                                              TimeDelta limit) const {
  net::HttpFetchOptions options;
  options.method = method;
  options.body = std::move(body);
  options.timeout = limit;
  options.max_body_bytes = kMaxAnswerBytes;
  if (!token_.empty()) options.headers.Set("X-Consul-Token", token_);
  if (!options.body.empty()) options.headers.Set("Content-Type", "application/json");
  auto response = co_await net::HttpFetch(url_ + path, std::move(options));
  if (!response) co_return std::unexpected(response.error());
  if (response->status / 100 == 2) co_return response;
  std::string what = fmt::format("Consul answered {} to {} {}", response->status, method, path);
  if (!response->body.empty()) what += ": " + ShowBody(response->body);
  co_return Fail(CodeOf(response->status), std::move(what));
}

asio::awaitable<Result<void>> ConsulApi::Register(const Instance& instance, TimeDelta ttl,
                                                  TimeDelta limit) const {
  // What an earlier version of us may have left behind goes.
  const auto response =
      co_await Ask("PUT", "/v1/agent/service/register?replace-existing-checks=true",
                   RegistrationJson(instance, ttl), limit);
  co_return Discard(response);
}

asio::awaitable<Result<void>> ConsulApi::Renew(const Instance& instance, TimeDelta limit) const {
  const auto response =
      co_await Ask("PUT", "/v1/agent/check/pass/" + ConsulCheckId(instance), "", limit);
  co_return Discard(response);
}

asio::awaitable<Result<void>> ConsulApi::Deregister(const Instance& instance,
                                                    TimeDelta limit) const {
  const auto response =
      co_await Ask("PUT", "/v1/agent/service/deregister/" + ConsulServiceId(instance), "", limit);
  if (!response && response.error().code == ErrorCode::kNotFound) co_return Result<void>();
  co_return Discard(response);
}

asio::awaitable<Result<ConsulApi::Instances>> ConsulApi::Healthy(ServiceKind kind, uint64_t index,
                                                                 TimeDelta wait,
                                                                 TimeDelta limit) const {
  std::string path = fmt::format("/v1/health/service/{}?passing&stale", ConsulServiceName(kind));
  if (index > 0) {
    path += fmt::format("&index={}&wait={}ms", index, wait.ms());
    limit += wait + wait / kWaitJitterPart;
  }
  const Timing timing = index > 0 ? Timing::kWaitsForNews : Timing::kTimed;
  const auto response = co_await Ask("GET", path, "", limit, timing);
  if (!response) co_return std::unexpected(response.error());
  auto answer = ParseConsulAnswer(kind, response->body);
  if (!answer) {
    co_return Fail(ErrorCode::kInvalidMessage,
                   fmt::format("GET {}: {}", path, answer.error().message));
  }
  Instances instances;
  instances.answer = std::move(*answer);
  instances.index = ParseIndex(response->headers.Value("X-Consul-Index"));
  co_return instances;
}

}  // namespace confab::discovery
