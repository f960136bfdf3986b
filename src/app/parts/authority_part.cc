#include "app/parts/authority_part.h"

#include <chrono>
#include <utility>

#include "app/serve/places.h"
#include "app/token/authority_options.h"
#include "auth/unix_time.h"

namespace confab::app {
namespace {

constexpr auto kRefreshInterval = std::chrono::minutes(1);

}  // namespace

Result<std::unique_ptr<AuthorityPart>> AuthorityPart::Open(const Environment& environment) {
  const auto folder = ResolveDataDir(environment.config.data_dir);
  if (!folder) return std::unexpected(folder.error());
  auto authority = auth::Authority::Open(AuthorityOptions(*folder), auth::UnixSeconds());
  if (!authority) return std::unexpected(authority.error());
  // make_unique cannot reach the private constructor.
  return std::unique_ptr<AuthorityPart>(new AuthorityPart(environment, std::move(*authority)));
}

AuthorityPart::AuthorityPart(const Environment& environment,
                             std::shared_ptr<auth::Authority> authority)
    : logger_(environment.logger), authority_(std::move(authority)), timer_(environment.io) {
  RefreshLater();
}

void AuthorityPart::RefreshLater() {
  timer_.expires_after(kRefreshInterval);
  timer_.async_wait([this](const error_code& error) {
    if (error) return;
    if (const auto refreshed = authority_->Refresh(auth::UnixSeconds()); !refreshed) {
      logger_.Log(observe::LogLevel::kWarning, observe::LogEvent::kConfigurationWarning,
                  {{"message", refreshed.error().message}});
    }
    RefreshLater();
  });
}

}  // namespace confab::app
