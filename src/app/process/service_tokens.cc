#include "app/process/service_tokens.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <utility>

namespace confab::app {
namespace {

using Digest = std::array<uint8_t, SHA256_DIGEST_LENGTH>;

Digest DigestOf(std::string_view token) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return digest;
}

// A token that was good at a time.
struct Verified {
  auth::ServiceClaims claims;
  int64_t at_s = 0;

  bool IsFresh(int64_t now_s) const {
    const int64_t end_s = std::min(claims.expires_at_s, at_s + ServiceTokens::kRememberedForS);
    return at_s <= now_s && now_s < end_s;
  }
};

}  // namespace

class ServiceTokens::State {
 public:
  State(std::shared_ptr<auth::Authority> authority, auth::ServiceClaims self,
        std::function<int64_t()> now)
      : authority_(std::move(authority)), self_(std::move(self)), now_(std::move(now)) {}

  std::string Token() {
    const std::lock_guard lock(mutex_);
    const int64_t now_s = now_();
    if (now_s < renew_at_s_) return token_;
    // Without a new one the old one is good for a while.
    if (Result<std::string> token = authority_->SignService(self_, now_s)) {
      token_ = std::move(*token);
      renew_at_s_ = now_s + kRenewAfterS;
    }
    return token_;
  }

  Result<auth::ServiceClaims> Verify(std::string_view token) {
    const std::lock_guard lock(mutex_);
    const int64_t now_s = now_();
    const Digest digest = DigestOf(token);
    const auto known = verified_.find(digest);
    if (known != verified_.end() && known->second.IsFresh(now_s)) return known->second.claims;
    Result<auth::ServiceClaims> claims = authority_->VerifyService(token, now_s);
    if (claims) Remember(digest, *claims, now_s);
    return claims;
  }

 private:
  void Remember(const Digest& digest, const auth::ServiceClaims& claims, int64_t now_s) {
    std::erase_if(verified_, [now_s](const auto& entry) { return !entry.second.IsFresh(now_s); });
    if (verified_.size() >= kMaxRemembered) verified_.clear();
    verified_[digest] = {.claims = claims, .at_s = now_s};
  }

  const std::shared_ptr<auth::Authority> authority_;
  const auth::ServiceClaims self_;
  const std::function<int64_t()> now_;
  std::mutex mutex_;  // guards all below
  std::string token_;
  int64_t renew_at_s_ = 0;
  // By their digests: how long a search takes must tell nothing of a token.
  std::map<Digest, Verified> verified_;
};

ServiceTokens::ServiceTokens(std::shared_ptr<auth::Authority> authority, std::string service,
                             std::string instance, std::function<int64_t()> now) {
  auth::ServiceClaims self;
  self.service = std::move(service);
  self.instance = std::move(instance);
  state_ = std::make_shared<State>(std::move(authority), std::move(self), std::move(now));
}

rpc::TokenSource ServiceTokens::Source() const {
  return [state = state_] { return state->Token(); };
}

rpc::TokenCheck ServiceTokens::Check(std::vector<std::string> services) const {
  return [state = state_, services = std::move(services)](std::string_view token) -> Result<void> {
    const Result<auth::ServiceClaims> claims = state->Verify(token);
    if (!claims) return std::unexpected(claims.error());
    if (std::ranges::find(services, claims->service) != services.end()) return {};
    return Fail(ErrorCode::kForbidden,
                fmt::format("a service of the kind \"{}\" has no business here", claims->service));
  };
}

}  // namespace confab::app
