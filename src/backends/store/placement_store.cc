#include "backends/store/placement_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "backends/store/limits.h"
#include "backends/store/row_reader.h"
#include "backends/store/text_rules.h"

namespace confab::store {
namespace {

constexpr std::string_view kFirstPlacement =
    "INSERT INTO placements (room, media_instance, region, epoch, renewals, released_at_us, "
    "claim_id) "
    "VALUES ($1, $2, $3, 1, 0, 0, $4) ON CONFLICT (room) DO NOTHING";
constexpr std::string_view kNextPlacement =
    "UPDATE placements SET media_instance = $2, region = $3, epoch = epoch + 1, renewals = 0, "
    "released_at_us = 0, claim_id = $4 WHERE room = $1 AND epoch = $5 AND renewals = $6";
constexpr std::string_view kFindPlacement =
    "SELECT room, media_instance, region, epoch, renewals, claim_id FROM placements "
    "WHERE room = $1";
constexpr std::string_view kRenewPlacement =
    "UPDATE placements SET renewals = renewals + 1 "
    "WHERE room = $1 AND epoch = $2 AND media_instance <> '' RETURNING renewals";
constexpr std::string_view kReleasePlacement =
    "UPDATE placements SET media_instance = '', released_at_us = $3 "
    "WHERE room = $1 AND epoch = $2 AND media_instance <> ''";
constexpr std::string_view kPageOfPlacements =
    "SELECT room, media_instance, region, epoch, renewals, claim_id FROM placements "
    "WHERE media_instance = $1 AND room > $2 ORDER BY room LIMIT $3";

PlacementRow ReadPlacement(RowReader& row) {
  PlacementRow placement;
  placement.room = row.Text();
  placement.media_instance = row.Text();
  placement.region = row.Text();
  placement.epoch = row.Integer();
  placement.renewals = row.Integer();
  placement.claim_id = row.Integer();
  return placement;
}

Statement ClaimStatement(const PlacementStore::Claim& claim) {
  if (claim.seen.epoch == 0) {
    return Statement(kFirstPlacement, {claim.room, claim.media_instance, claim.region, claim.id});
  }
  return Statement(kNextPlacement, {claim.room, claim.media_instance, claim.region, claim.id,
                                    claim.seen.epoch, claim.seen.renewals});
}

// The order in which rows are locked: the same for everyone, or two would wait for each other.
std::vector<size_t> LockOrder(const std::vector<PlacementStore::Lease>& leases) {
  std::vector<size_t> order(leases.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {},
                    [&leases](size_t i) -> const std::string& { return leases[i].room; });
  return order;
}

}  // namespace

asio::awaitable<StoreResult<PlacementStore::Claimed>> PlacementStore::Take(Claim claim) {
  const auto valid = InputCheck()
                         .Word("room", claim.room, kMaxRoomBytes)
                         .Word("media instance", claim.media_instance, kMaxInstanceBytes)
                         .Text("region", claim.region, kMaxRegionBytes)
                         .NotNegative("epoch", claim.seen.epoch)
                         .result();
  if (!valid) co_return std::unexpected(valid.error());
  std::vector<Statement> statements;
  statements.push_back(ClaimStatement(claim));
  statements.push_back(Statement(kFindPlacement, {claim.room}));
  auto rows = co_await database_.Transact(std::move(statements));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  auto found = ReadOptional(std::move((*rows)[1]), ReadPlacement);
  if (!found) co_return std::unexpected(std::move(found.error()));
  Claimed claimed;
  if (found->has_value()) {
    claimed.row = std::move(**found);
    claimed.is_granted =
        claimed.row.epoch == claim.seen.epoch + 1 && claimed.row.claim_id == claim.id;
  }
  co_return claimed;
}

asio::awaitable<StoreResult<std::vector<PlacementStore::Renewal>>> PlacementStore::Renew(
    std::vector<Lease> leases) {
  if (leases.size() > kMaxRenewals) {
    co_return FailStore(StoreFault::kRefused,
                        fmt::format("At most {} leases are renewed in one call", kMaxRenewals));
  }
  std::vector<Renewal> renewals(leases.size(), Renewal::kLost);
  if (leases.empty()) co_return renewals;
  const std::vector<size_t> order = LockOrder(leases);
  std::vector<Statement> statements;
  for (const size_t i : order) {
    statements.push_back(Statement(kRenewPlacement, {leases[i].room, leases[i].epoch}));
  }
  // Behind the looks of a crowd that joins, the row would stand still, and others would take it.
  auto rows = co_await database_.Transact(std::move(statements), Turn::kNext);
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  for (size_t at = 0; at < order.size(); ++at) {
    if (!(*rows)[at].empty()) renewals[order[at]] = Renewal::kRenewed;
  }
  co_return renewals;
}

asio::awaitable<StoreResult<void>> PlacementStore::Release(Lease lease, int64_t now_us) {
  const auto valid = InputCheck().Time("time", now_us).result();
  if (!valid) co_return std::unexpected(valid.error());
  Statement release(kReleasePlacement, {std::move(lease.room), lease.epoch, now_us});
  auto rows = co_await database_.Run(std::move(release));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return StoreResult<void>();
}

asio::awaitable<StoreResult<std::optional<PlacementRow>>> PlacementStore::Find(std::string room) {
  Statement find(kFindPlacement, {std::move(room)});
  auto rows = co_await database_.Run(std::move(find));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadOptional(std::move(*rows), ReadPlacement);
}

asio::awaitable<StoreResult<std::vector<PlacementRow>>> PlacementStore::OfInstance(
    std::string media_instance, std::string after, int64_t max_rows) {
  Statement page(kPageOfPlacements, {std::move(media_instance), std::move(after),
                                     std::clamp<int64_t>(max_rows, 1, kMaxPageRows)});
  auto rows = co_await database_.Run(std::move(page));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return ReadRows(std::move(*rows), ReadPlacement);
}

}  // namespace confab::store
