#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "auth/openid.h"
#include "net/asio.h"
#include "net/event.h"
#include "net/http_message.h"

namespace confab::auth {

// An OpenID Connect issuer whose keys are fetched from its JWKS URL and kept for a while. What was
// fetched stays in use when a later fetch fails. Lives on one io_context's thread and must outlive
// its Verify calls. Times are seconds since the Unix epoch.
class OpenIdIssuer {
 public:
  // So often at most the document is fetched, whatever keys tokens name and however it fails.
  static constexpr TimeDelta kFetchInterval = TimeDelta::Seconds(30);

  struct Options {
    std::string jwks_url;
    OpenIdRules rules;
    TimeDelta lifetime = TimeDelta::Seconds(3600);  // of a fetched document
  };
  using Fetch = std::function<asio::awaitable<Result<net::HttpResponse>>(std::string url)>;

  // `fetch` is net::HttpFetch where it is not given. Error kInvalidConfiguration: the URL is none,
  // or it is http:// to another machine, where whoever is in between could put in keys of his own;
  // or the rules lack issuer or audience, or give a role or scope of a wrong form.
  static Result<std::unique_ptr<OpenIdIssuer>> Make(const asio::any_io_executor& executor,
                                                    Options options, Fetch fetch = {});

  // Fetches first where there are no keys, they are old, or the token names one that is unknown;
  // callers that come meanwhile wait for the same fetch. Error: as VerifyOpenId and ParseJws, and
  // kUnavailable where there are no keys yet.
  asio::awaitable<Result<OpenIdIdentity>> Verify(std::string token, int64_t now_s);

  // Why the last fetch failed; "" where it did not.
  const std::string& trouble() const { return trouble_; }

 private:
  OpenIdIssuer(const asio::any_io_executor& executor, Options options, Fetch fetch);
  bool IsOld(int64_t now_s) const;
  asio::awaitable<void> Refetch(int64_t now_s);
  void Take(const Result<net::HttpResponse>& response, int64_t now_s);

  Options options_;
  Fetch fetch_;
  std::optional<OpenIdKeys> keys_;
  int64_t fetched_at_s_ = 0;
  std::optional<int64_t> tried_at_s_;
  bool is_fetching_ = false;
  net::Event fetched_;
  std::string trouble_;
};

}  // namespace confab::auth
