#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "auth/openid.h"
#include "net/asio.h"
#include "net/http_message.h"

namespace confab::auth {

// An OpenID Connect issuer whose keys are fetched from its JWKS URL and kept for a while. What was
// fetched stays in use when a later fetch fails. Lives on one io_context's thread; a Verify that is
// under way may outlive it. Times are seconds since the Unix epoch.
class OpenIdIssuer {
 public:
  // So often at most the document is fetched, whatever keys tokens name and however it fails.
  static constexpr TimeDelta kFetchInterval = TimeDelta::Seconds(30);

  struct Options {
    std::string jwks_url;
    OpenIdRules rules;
    TimeDelta lifetime = TimeDelta::Seconds(3600);  // of a fetched document
    // Told why a fetch failed, each time: kFetchInterval bounds how often.
    std::function<void(const std::string& why)> on_trouble;
  };
  using Fetch = std::function<asio::awaitable<Result<net::HttpResponse>>(std::string url)>;

  // `fetch` is net::HttpFetch where it is not given. Error kInvalidConfiguration: the URL is not
  // usable, or the rules lack issuer or audience, or give a role or scope of a wrong form.
  static Result<std::unique_ptr<OpenIdIssuer>> Make(const asio::any_io_executor& executor,
                                                    Options options, Fetch fetch = {});
  // https://, or http:// on this machine: elsewhere whoever is in between could put in keys of
  // their own.
  static bool IsUsableUrl(const std::string& jwks_url);

  // Whether the token says that it is this issuer's. Nothing of it is believed by that: it chooses
  // who verifies it.
  bool IsNamedIn(std::string_view token) const;

  // Fetches first where there are no keys, they are old, or the token names one that is unknown;
  // callers that come meanwhile wait for the same fetch. Error: as VerifyOpenId and ParseJws, and
  // kUnavailable where there are no keys yet.
  asio::awaitable<Result<OpenIdIdentity>> Verify(std::string token, int64_t now_s);

  // Why the last fetch failed; "" where it did not.
  const std::string& trouble() const;

 private:
  struct State;
  explicit OpenIdIssuer(std::shared_ptr<State> state) : state_(std::move(state)) {}

  // Shared with the Verify calls that are under way.
  std::shared_ptr<State> state_;
};

}  // namespace confab::auth
