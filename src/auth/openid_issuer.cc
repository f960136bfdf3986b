#include "auth/openid_issuer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "auth/words.h"
#include "net/http_fetch.h"
#include "net/url_target.h"

namespace confab::auth {
namespace {

asio::awaitable<Result<net::HttpResponse>> FetchByHttp(std::string url) {
  net::HttpFetchOptions options;
  options.max_body_bytes = OpenIdKeys::kMaxDocumentBytes;
  options.headers.Set("Accept", "application/json, application/jwk-set+json");
  co_return co_await net::HttpFetch(std::move(url), std::move(options));
}

std::unexpected<Error> Wrong(std::string sentence) {
  return Fail(ErrorCode::kInvalidConfiguration, std::move(sentence));
}

Result<void> Check(const OpenIdIssuer::Options& options) {
  if (options.rules.issuer.empty() || options.rules.audience.empty()) {
    return Wrong(
        "An OpenID issuer needs both its name (\"iss\") and the audience (\"aud\") that "
        "its tokens have here.");
  }
  std::vector<OpenIdGroup> groups = options.rules.groups;
  if (options.rules.others) groups.push_back(*options.rules.others);
  for (const OpenIdGroup& group : groups) {
    if (IsRole(group.role) && std::ranges::all_of(group.scopes, IsScope)) continue;
    return Wrong(
        fmt::format("The rules for the group \"{}\" need the role guest, member or "
                    "moderator, and scopes such as rooms:read.",
                    group.group));
  }
  const auto target = net::ParseUrlTarget(options.jwks_url, net::UrlScheme::kHttp);
  if (!target) {
    return Wrong(fmt::format("\"{}\" is no URL of an issuer's keys: give one with https://.",
                             options.jwks_url));
  }
  const bool is_here =
      target->host == "localhost" || target->host == "127.0.0.1" || target->host == "::1";
  if (!target->is_tls && !is_here) {
    return Wrong(
        fmt::format("The issuer's keys at \"{}\" could be replaced on the way: give the "
                    "URL with https://.",
                    options.jwks_url));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<OpenIdIssuer>> OpenIdIssuer::Make(const asio::any_io_executor& executor,
                                                         Options options, Fetch fetch) {
  if (const auto checked = Check(options); !checked) return std::unexpected(checked.error());
  if (!fetch) fetch = FetchByHttp;
  return std::unique_ptr<OpenIdIssuer>(
      new OpenIdIssuer(executor, std::move(options), std::move(fetch)));
}

OpenIdIssuer::OpenIdIssuer(const asio::any_io_executor& executor, Options options, Fetch fetch)
    : options_(std::move(options)), fetch_(std::move(fetch)), fetched_(executor) {}

bool OpenIdIssuer::IsOld(int64_t now_s) const {
  return !keys_ || now_s - fetched_at_s_ >= options_.lifetime.us() / 1'000'000;
}

asio::awaitable<Result<OpenIdIdentity>> OpenIdIssuer::Verify(std::string token, int64_t now_s) {
  const auto jws = ParseJws(token);
  if (!jws) co_return std::unexpected(jws.error());
  if (IsOld(now_s) || keys_->Find(jws->key_id) == nullptr) co_await Refetch(now_s);
  if (!keys_) {
    co_return Fail(
        ErrorCode::kUnavailable,
        fmt::format("The keys of the issuer cannot be fetched ({}): try again shortly.", trouble_));
  }
  const SignatureKey* key = keys_->Find(jws->key_id);
  if (key == nullptr) {
    co_return Fail(
        ErrorCode::kUnauthorized,
        "The token was not signed by the issuer that this server trusts: sign in again.");
  }
  co_return VerifyOpenId(*jws, *key, options_.rules, now_s);
}

asio::awaitable<void> OpenIdIssuer::Refetch(int64_t now_s) {
  if (is_fetching_) {
    co_await fetched_.Wait();
    co_return;
  }
  if (tried_at_s_ && now_s - *tried_at_s_ < kFetchInterval.us() / 1'000'000) co_return;
  tried_at_s_ = now_s;
  is_fetching_ = true;
  fetched_.Reset();
  // Whatever ends the fetch, those who wait go on.
  struct Ending {
    OpenIdIssuer& issuer;
    ~Ending() {
      issuer.is_fetching_ = false;
      issuer.fetched_.Set();
    }
  } ending{*this};
  const auto response = co_await fetch_(options_.jwks_url);
  Take(response, now_s);
}

void OpenIdIssuer::Take(const Result<net::HttpResponse>& response, int64_t now_s) {
  constexpr unsigned kOk = 200;
  if (!response) {
    trouble_ = response.error().message;
    return;
  }
  if (response->status != kOk) {
    trouble_ = fmt::format("{} answers {}", options_.jwks_url, response->status);
    return;
  }
  auto keys = OpenIdKeys::Parse(response->content());
  if (!keys) {
    trouble_ = keys.error().message;
    return;
  }
  keys_ = std::move(*keys);
  fetched_at_s_ = now_s;
  trouble_.clear();
}

}  // namespace confab::auth
