#include "backends/store/used_token_store.h"

#include <utility>

#include "backends/store/limits.h"
#include "backends/store/row_reader.h"
#include "backends/store/text_rules.h"

namespace confab::store {
namespace {

constexpr std::string_view kInsertTokenUse =
    "INSERT INTO used_tokens (token_id, use_id, expires_at_us) VALUES ($1, $2, $3) "
    "ON CONFLICT (token_id) DO NOTHING";
constexpr std::string_view kFindTokenUse = "SELECT use_id FROM used_tokens WHERE token_id = $1";
constexpr std::string_view kReleaseTokenUse =
    "DELETE FROM used_tokens WHERE token_id = $1 AND use_id = $2";

std::string ReadUse(RowReader& row) {
  return row.Text();
}

}  // namespace

asio::awaitable<StoreResult<UsedTokenStore::Outcome>> UsedTokenStore::Take(Use use) {
  const auto valid = InputCheck()
                         .Word("token id", use.token_id, kMaxTokenIdBytes)
                         .Word("use id", use.use_id, kMaxIdBytes)
                         .Time("expiry", use.expires_at_us)
                         .result();
  if (!valid) co_return std::unexpected(valid.error());
  std::vector<Statement> statements;
  statements.push_back(Statement(kInsertTokenUse, {use.token_id, use.use_id, use.expires_at_us}));
  statements.push_back(Statement(kFindTokenUse, {use.token_id}));
  auto rows = co_await database_.Transact(std::move(statements));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  const auto taken_by = ReadRow(std::move((*rows)[1]), ReadUse);
  if (!taken_by) co_return std::unexpected(taken_by.error());
  co_return *taken_by == use.use_id ? Outcome::kFirst : Outcome::kAgain;
}

asio::awaitable<StoreResult<void>> UsedTokenStore::Release(std::string token_id,
                                                           std::string use_id) {
  Statement release(kReleaseTokenUse, {std::move(token_id), std::move(use_id)});
  auto rows = co_await database_.Run(std::move(release));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return StoreResult<void>();
}

}  // namespace confab::store
