#include "services/gateway/api/logs_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <utility>

#include "base/random.h"
#include "base/trace_context.h"
#include "net/clock.h"
#include "net/http_fetch.h"

namespace confab::gateway {
namespace {

namespace json = boost::json;
using net::HttpResponse;

constexpr size_t kMaxErrorDepth = 4;

std::string UrlOf(const discovery::Instance& viewer, const ExplainQuestion& question) {
  const bool is_ipv6 = viewer.host.find(':') != std::string::npos;
  std::string url = is_ipv6 ? fmt::format("http://[{}]:{}", viewer.host, viewer.http_port)
                            : fmt::format("http://{}:{}", viewer.host, viewer.http_port);
  url += fmt::format("/api/v1/logs/rooms/{}", question.room);
  if (!question.at.empty()) url += fmt::format("?at={}", question.at);
  return url;
}

net::HttpFetchOptions OptionsFor(const ExplainQuestion& question, TimeDelta timeout) {
  net::HttpFetchOptions options;
  options.headers.Set("Authorization", "Bearer " + question.token);
  options.headers.Set("Accept", "application/json");
  SecureRandom random;
  if (const auto trace = TraceContext::OfTraceId(question.trace, random)) {
    options.headers.Set("traceparent", trace->ToString());
  }
  options.timeout = timeout;
  options.max_body_bytes = LogsClient::kMaxAnswerBytes;
  return options;
}

// The message of an error as confab's services write it; "" where it is none.
std::string MessageOf(const HttpResponse& response) {
  json::parse_options options;
  options.max_depth = kMaxErrorDepth;
  error_code failed;
  const json::value body = json::parse(response.content(), failed, {}, options);
  const json::object* outer = failed ? nullptr : body.if_object();
  const json::value* error = outer ? outer->if_contains("error") : nullptr;
  const json::object* inner = error ? error->if_object() : nullptr;
  const json::value* message = inner ? inner->if_contains("message") : nullptr;
  return message && message->is_string() ? std::string(message->get_string()) : "";
}

Error ErrorOf(const discovery::Instance& viewer, const HttpResponse& response) {
  std::string message = MessageOf(response);
  if (!message.empty()) {
    if (response.status == 404) return {ErrorCode::kRoomNotFound, std::move(message)};
    if (response.status == 400) return {ErrorCode::kInvalidMessage, std::move(message)};
  }
  return {
      ErrorCode::kUnavailable,
      fmt::format("The log viewer {} answers {} instead of an explanation: see that it runs this "
                  "version, with the keys of this system in its data_dir.",
                  viewer.id, response.status)};
}

asio::awaitable<Result<std::string>> Ask(discovery::Instance viewer, ExplainQuestion question,
                                         TimeDelta timeout) {
  std::string url = UrlOf(viewer, question);
  net::HttpFetchOptions options = OptionsFor(question, timeout);
  auto response = co_await net::HttpFetch(std::move(url), std::move(options));
  if (!response) {
    co_return Fail(ErrorCode::kUnavailable,
                   fmt::format("The log viewer {} does not answer at {}:{}: see that `confab logs` "
                               "runs there, and that logs.address lets gateways in.",
                               viewer.id, viewer.host, viewer.http_port));
  }
  const bool is_json = response->headers.Value("Content-Type").starts_with("application/json");
  if (response->status != 200 || !is_json) co_return std::unexpected(ErrorOf(viewer, *response));
  co_return std::move(response->body);
}

}  // namespace

asio::awaitable<Result<std::string>> LogsClient::Explain(ExplainQuestion question) {
  const Timestamp end = net::MonotonicNow() + kDeadline;
  Error error{
      ErrorCode::kUnavailable,
      "This gateway knows no log viewer, which explains calls: run `confab logs` and name it "
      "in discovery.logs, or let both find each other through Consul."};
  const std::vector<discovery::Instance> peers = peers_;  // may change meanwhile
  size_t left = std::min(peers.size(), kMaxAsked);
  for (const discovery::Instance& viewer : peers) {
    const TimeDelta rest = end - net::MonotonicNow();
    if (left == 0 || rest <= TimeDelta()) break;
    // So that one that hangs leaves time for the others.
    auto answer = co_await Ask(viewer, question, rest / static_cast<int64_t>(left));
    if (answer) co_return answer;
    // That one has no line of the room says more than that another one is away.
    if (error.code != ErrorCode::kRoomNotFound) error = std::move(answer.error());
    --left;
  }
  co_return std::unexpected(std::move(error));
}

}  // namespace confab::gateway
