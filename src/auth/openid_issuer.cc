#include "auth/openid_issuer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "auth/errors.h"
#include "auth/words.h"
#include "net/event.h"
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

Result<void> Check(const OpenIdIssuer::Options& options) {
  if (options.rules.issuer.empty() || options.rules.audience.empty()) {
    return Unusable(
        "An OpenID issuer needs both its name (\"iss\") and the audience (\"aud\") that "
        "its tokens have here.");
  }
  std::vector<OpenIdGroup> groups = options.rules.groups;
  if (options.rules.others) groups.push_back(*options.rules.others);
  for (const OpenIdGroup& group : groups) {
    if (IsRole(group.role) && std::ranges::all_of(group.scopes, IsScope)) continue;
    return Unusable(
        fmt::format("The rules for the group \"{}\" need the role guest, member or "
                    "moderator, and scopes such as rooms:read.",
                    group.group));
  }
  if (!OpenIdIssuer::IsUsableUrl(options.jwks_url)) {
    return Unusable(
        fmt::format("\"{}\" is no URL of an issuer's keys that nobody can replace on the way: "
                    "give one with https://.",
                    options.jwks_url));
  }
  return {};
}

}  // namespace

struct OpenIdIssuer::State {
  State(const asio::any_io_executor& executor, Options given, Fetch fetcher)
      : options(std::move(given)), fetch(std::move(fetcher)), fetched(executor) {}

  bool IsOld(int64_t now_s) const {
    return !keys || now_s - fetched_at_s >= options.lifetime.us() / 1'000'000;
  }
  bool MayFetch(int64_t now_s) const {
    return !tried_at_s || now_s - *tried_at_s >= kFetchInterval.us() / 1'000'000;
  }
  static asio::awaitable<void> Refetch(std::shared_ptr<State> state, int64_t now_s);
  static asio::awaitable<Result<OpenIdIdentity>> Verify(std::shared_ptr<State> state,
                                                        std::string token, int64_t now_s);
  Result<OpenIdKeys> Read(const Result<net::HttpResponse>& response) const;
  void Take(const Result<net::HttpResponse>& response, int64_t now_s);

  const Options options;
  const Fetch fetch;
  std::optional<OpenIdKeys> keys;
  int64_t fetched_at_s = 0;
  std::optional<int64_t> tried_at_s;
  bool is_fetching = false;
  net::Event fetched;
  std::string trouble;
};

Result<std::unique_ptr<OpenIdIssuer>> OpenIdIssuer::Make(const asio::any_io_executor& executor,
                                                         Options options, Fetch fetch) {
  if (const auto checked = Check(options); !checked) return std::unexpected(checked.error());
  if (!fetch) fetch = FetchByHttp;
  return std::unique_ptr<OpenIdIssuer>(
      new OpenIdIssuer(std::make_shared<State>(executor, std::move(options), std::move(fetch))));
}

bool OpenIdIssuer::IsUsableUrl(const std::string& jwks_url) {
  const auto target = net::ParseUrlTarget(jwks_url, net::UrlScheme::kHttp);
  if (!target) return false;
  return target->is_tls || target->host == "localhost" || target->host == "127.0.0.1" ||
         target->host == "::1";
}

bool OpenIdIssuer::IsNamedIn(std::string_view token) const {
  const auto jws = ParseJws(token);
  return jws && TextMember(jws->payload, "iss") == state_->options.rules.issuer;
}

asio::awaitable<Result<OpenIdIdentity>> OpenIdIssuer::Verify(std::string token, int64_t now_s) {
  return State::Verify(state_, std::move(token), now_s);
}

const std::string& OpenIdIssuer::trouble() const {
  return state_->trouble;
}

asio::awaitable<Result<OpenIdIdentity>> OpenIdIssuer::State::Verify(std::shared_ptr<State> state,
                                                                    std::string token,
                                                                    int64_t now_s) {
  const auto jws = ParseJws(token);
  if (!jws) co_return std::unexpected(jws.error());
  if (state->IsOld(now_s) || state->keys->Find(jws->key_id) == nullptr) {
    co_await Refetch(state, now_s);
  }
  if (!state->keys) {
    // Why, with the URL in it, is the operator's business: Options::on_trouble.
    co_return Fail(ErrorCode::kUnavailable,
                   "The keys of the issuer cannot be fetched now: try again shortly.");
  }
  const SignatureKey* key = state->keys->Find(jws->key_id);
  if (key == nullptr) {
    co_return Fail(
        ErrorCode::kUnauthorized,
        "The token was not signed by the issuer that this server trusts: sign in again.");
  }
  co_return VerifyOpenId(*jws, *key, state->options.rules, now_s);
}

asio::awaitable<void> OpenIdIssuer::State::Refetch(std::shared_ptr<State> state, int64_t now_s) {
  if (state->is_fetching) {
    co_await state->fetched.Wait();
    co_return;
  }
  if (!state->MayFetch(now_s)) co_return;
  state->tried_at_s = now_s;
  state->is_fetching = true;
  state->fetched.Reset();
  // Whatever ends the fetch, those who wait go on.
  struct Ending {
    State& state;
    ~Ending() {
      state.is_fetching = false;
      state.fetched.Set();
    }
  } ending{*state};
  const auto response = co_await state->fetch(state->options.jwks_url);
  state->Take(response, now_s);
}

Result<OpenIdKeys> OpenIdIssuer::State::Read(const Result<net::HttpResponse>& response) const {
  constexpr unsigned kOk = 200;
  if (!response) return std::unexpected(response.error());
  if (response->status != kOk) {
    return Fail(ErrorCode::kUnavailable,
                fmt::format("{} answers {}", options.jwks_url, response->status));
  }
  return OpenIdKeys::Parse(response->content());
}

void OpenIdIssuer::State::Take(const Result<net::HttpResponse>& response, int64_t now_s) {
  auto read = Read(response);
  if (!read) {
    trouble = read.error().message;
    if (options.on_trouble) options.on_trouble(trouble);
    return;
  }
  keys = std::move(*read);
  fetched_at_s = now_s;
  trouble.clear();
}

}  // namespace confab::auth
