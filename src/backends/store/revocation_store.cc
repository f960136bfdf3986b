#include "backends/store/revocation_store.h"

#include <algorithm>
#include <utility>

#include "backends/store/limits.h"
#include "backends/store/row_reader.h"
#include "backends/store/text_rules.h"

namespace confab::store {
namespace {

constexpr std::string_view kInsertRevocation =
    "INSERT INTO revocations (subject, expires_at_us) VALUES ($1, $2) "
    "ON CONFLICT (subject) DO UPDATE SET expires_at_us = excluded.expires_at_us "
    "WHERE excluded.expires_at_us > revocations.expires_at_us";
constexpr std::string_view kFindRevocation =
    "SELECT subject, expires_at_us FROM revocations WHERE subject = $1 AND expires_at_us > $2";
constexpr std::string_view kPageOfRevocations =
    "SELECT subject, expires_at_us FROM revocations WHERE subject > $1 AND expires_at_us > $2 "
    "ORDER BY subject LIMIT $3";

RevocationRow ReadRevocation(RowReader& row) {
  RevocationRow revocation;
  revocation.subject = row.Text();
  revocation.expires_at_us = row.Integer();
  return revocation;
}

}  // namespace

asio::awaitable<StoreResult<void>> RevocationStore::Revoke(RevocationRow revocation) {
  const auto valid = InputCheck()
                         .Word("subject", revocation.subject, kMaxIdentityBytes)
                         .Time("expiry", revocation.expires_at_us)
                         .result();
  if (!valid) co_return std::unexpected(valid.error());
  Statement revoke(kInsertRevocation, {std::move(revocation.subject), revocation.expires_at_us});
  auto rows = co_await database_.Run(std::move(revoke));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return StoreResult<void>();
}

asio::awaitable<StoreResult<bool>> RevocationStore::IsRevoked(std::string subject, int64_t now_us) {
  Statement find(kFindRevocation, {std::move(subject), now_us});
  auto rows = co_await database_.Run(std::move(find));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return !rows->empty();
}

asio::awaitable<StoreResult<std::vector<RevocationRow>>> RevocationStore::Page(std::string after,
                                                                               int64_t now_us,
                                                                               int64_t max_rows) {
  Statement page(kPageOfRevocations,
                 {std::move(after), now_us, std::clamp<int64_t>(max_rows, 1, kMaxPageRows)});
  auto rows = co_await database_.Run(std::move(page));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadRows(std::move(*rows), ReadRevocation);
}

}  // namespace confab::store
