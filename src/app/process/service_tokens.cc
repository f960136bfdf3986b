#include "app/process/service_tokens.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <utility>

#include "auth/authority.h"

namespace confab::app {
namespace {

using Digest = std::array<uint8_t, SHA256_DIGEST_LENGTH>;

int64_t UnixSeconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Digest DigestOf(std::string_view token) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return digest;
}

}  // namespace

// An Authority of its own, because an Authority lives on one thread and calls come on many: the
// mutex makes them one after another.
class ServiceTokens::State {
 public:
  State(std::unique_ptr<auth::Authority> authority, auth::ServiceClaims self)
      : authority_(std::move(authority)), self_(std::move(self)) {}

  std::string Token() {
    const std::lock_guard lock(mutex_);
    const int64_t now_s = UnixSeconds();
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
    const int64_t now_s = UnixSeconds();
    const Digest digest = DigestOf(token);
    const auto known = verified_.find(digest);
    if (known != verified_.end() && now_s < known->second.expires_at_s) return known->second;
    Result<auth::ServiceClaims> claims = authority_->VerifyService(token, now_s);
    if (claims) Remember(digest, *claims, now_s);
    return claims;
  }

  Result<void> Refresh() {
    const std::lock_guard lock(mutex_);
    return authority_->Refresh(UnixSeconds());
  }

 private:
  void Remember(const Digest& digest, const auth::ServiceClaims& claims, int64_t now_s) {
    std::erase_if(verified_,
                  [now_s](const auto& entry) { return entry.second.expires_at_s <= now_s; });
    if (verified_.size() >= kMaxRemembered) verified_.clear();
    verified_[digest] = claims;
  }

  std::mutex mutex_;  // guards all below
  std::unique_ptr<auth::Authority> authority_;
  const auth::ServiceClaims self_;
  std::string token_;
  int64_t renew_at_s_ = 0;
  // By their digests: how long a search takes must tell nothing of a token.
  std::map<Digest, auth::ServiceClaims> verified_;
};

Result<std::unique_ptr<ServiceTokens>> ServiceTokens::Open(std::filesystem::path folder,
                                                           std::string service,
                                                           std::string instance) {
  auth::Authority::Options options;
  options.folder = std::move(folder);
  auto authority = auth::Authority::Open(std::move(options), UnixSeconds());
  if (!authority) return std::unexpected(authority.error());
  auth::ServiceClaims self;
  self.service = std::move(service);
  self.instance = std::move(instance);
  auto state = std::make_shared<State>(std::move(*authority), std::move(self));
  // make_unique cannot reach the private constructor.
  return std::unique_ptr<ServiceTokens>(new ServiceTokens(std::move(state)));
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

Result<void> ServiceTokens::Refresh() {
  return state_->Refresh();
}

}  // namespace confab::app
