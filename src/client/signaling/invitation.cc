#include "client/signaling/invitation.h"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <chrono>

#include "base/parse_error_code.h"
#include "client/signaling/json_fields.h"
#include "net/http_fetch.h"

namespace confab::client {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr unsigned kCreated = 201;
constexpr unsigned kTooMany = 429;
constexpr uint32_t kUsualWaitMs = 1000;
constexpr uint32_t kMaxWaitMs = 60'000;

std::string Endpoint(std::string_view url, std::string_view room) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return fmt::format("{}/api/v1/rooms/{}/guest-tokens", url,
                     boost::urls::encode(room, boost::urls::unreserved_chars));
}

json::value BodyOf(const net::HttpResponse& response) {
  error_code ignored;
  return json::parse(response.content(), ignored);
}

Error Refusal(const net::HttpResponse& response, const json::value& body) {
  const json::value* error = Find(body, "error");
  const auto code = error == nullptr ? std::nullopt : ParseErrorCode(TextOf(*error, "code"));
  if (!code) {
    return {ErrorCode::kUnavailable,
            fmt::format("no invitation from the server: it answers {}", response.status)};
  }
  return {*code, fmt::format("no invitation: {}", TextOf(*error, "message"))};
}

}  // namespace

asio::awaitable<Result<std::string>> FetchInvitation(std::string url, std::string room,
                                                     TimeDelta limit) {
  const auto deadline = Clock::now() + ToChrono(limit);
  const std::string endpoint = Endpoint(url, room);
  asio::steady_timer pause(co_await asio::this_coro::executor);
  for (;;) {
    net::HttpFetchOptions options;
    options.method = "POST";
    options.timeout = limit;
    const auto response = co_await net::HttpFetch(endpoint, std::move(options));
    if (!response) co_return std::unexpected(response.error());
    const json::value body = BodyOf(*response);
    if (response->status == kCreated && !TextOf(body, "token").empty()) {
      co_return std::string(TextOf(body, "token"));
    }
    const json::value* error = Find(body, "error");
    const uint32_t wait_ms =
        error == nullptr ? kUsualWaitMs
                         : NumberOf(*error, "retry_after_ms", kMaxWaitMs).value_or(kUsualWaitMs);
    const auto again = Clock::now() + std::chrono::milliseconds(wait_ms);
    if (response->status != kTooMany || again >= deadline) {
      co_return std::unexpected(Refusal(*response, body));
    }
    pause.expires_at(again);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

}  // namespace confab::client
