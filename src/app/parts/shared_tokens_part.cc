#include "app/parts/shared_tokens_part.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "app/parts/store_options.h"
#include "app/token/api_key_rows.h"
#include "auth/unix_time.h"
#include "backends/store/limits.h"
#include "backends/store/unix_micros.h"

namespace confab::app {
namespace {

// What the authority remembers, and no more.
constexpr size_t kMostPages =
    auth::Revocations::kMaxSubjects / static_cast<size_t>(store::kMaxPageRows);

int64_t InSeconds(TimeDelta time) {
  return time.us() / store::kMicrosPerSecond;
}

}  // namespace

SharedTokensPart::SharedTokensPart(const Environment& environment, store::Store& store,
                                   std::shared_ptr<auth::Authority> authority, Resume resume)
    : environment_(environment),
      store_(store),
      authority_(std::move(authority)),
      timer_(environment.io) {
  if (IsStoreShared(environment_.config)) authority_->ExpectSharedApiKeys();
  if (resume == Resume::kWhenRevocationsAreKnown) authority_->ExpectRevocations();
  ReadLater(TimeDelta());
}

SharedTokensPart::~SharedTokensPart() {
  *is_here_ = false;
}

void SharedTokensPart::ReadLater(TimeDelta pause) {
  timer_.expires_after(ToChrono(pause));
  timer_.async_wait([this](const error_code& error) {
    if (!error) asio::co_spawn(environment_.io, Read(), asio::detached);
  });
}

asio::awaitable<void> SharedTokensPart::Read() {
  const std::shared_ptr<bool> is_here = is_here_;
  if (IsStoreShared(environment_.config)) co_await ReadKeys();
  if (!*is_here) co_return;
  co_await ReadRevocations();
  if (*is_here) ReadLater(kInterval);
}

// What cannot be read is the store's part to tell.
asio::awaitable<void> SharedTokensPart::ReadKeys() {
  const std::shared_ptr<bool> is_here = is_here_;
  // From before the question: what was removed since then may be in the answer.
  const int64_t good_until_s = auth::UnixSeconds() + InSeconds(kTrust);
  const auto rows = co_await store_.api_keys().All();
  if (*is_here && rows) authority_->SetSharedApiKeys(ReadRows(*rows), good_until_s);
}

asio::awaitable<void> SharedTokensPart::ReadRevocations() {
  const std::shared_ptr<bool> is_here = is_here_;
  std::string after;
  for (size_t i = 0; i < kMostPages; ++i) {
    const int64_t now_s = auth::UnixSeconds();
    const auto page = co_await store_.revocations().Page(after, now_s * store::kMicrosPerSecond,
                                                         store::kMaxPageRows);
    if (!*is_here || !page) co_return;
    for (const store::RevocationRow& row : *page) {
      authority_->Revoke(row.subject, row.expires_at_us / store::kMicrosPerSecond, now_s);
    }
    if (std::ssize(*page) < store::kMaxPageRows) break;
    after = page->back().subject;
  }
  authority_->RevocationsAreKnown();
}

}  // namespace confab::app
