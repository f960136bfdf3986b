#include "backends/store/retention.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace confab::store {
namespace {

// Deletes the oldest rows of a table, as many as a batch: the time of the batch's last row is
// looked up along the index, and the index leads to what is not younger. 0 is "never".
std::string DeleteSql(std::string_view table, std::string_view column, std::string_view only) {
  return fmt::format(
      "DELETE FROM {0} WHERE {1} > 0 AND {1} < $1{2} AND {1} <= coalesce((SELECT {1} FROM {0} "
      "WHERE {1} > 0 AND {1} < $1{2} ORDER BY {1} LIMIT 1 OFFSET {3}), $1) RETURNING 1",
      table, column, only, Retention::kBatchRows - 1);
}

struct Job {
  std::string_view sql;
  TimeDelta kept;
};

std::array<Job, 8> JobsOf(const RetentionRules& rules) {
  // Made once: connections keep statements by their text.
  static const std::string kMessages = DeleteSql("messages", "sent_at_us", "");
  static const std::string kSequences = DeleteSql("message_sequences", "used_on_us", "");
  static const std::string kEnded = DeleteSql("sessions", "ended_at_us", "");
  static const std::string kAbandoned =
      DeleteSql("sessions", "started_at_us", " AND ended_at_us = 0");
  static const std::string kAudit = DeleteSql("audit", "at_us", "");
  static const std::string kRevocations = DeleteSql("revocations", "expires_at_us", "");
  static const std::string kUsedTokens = DeleteSql("used_tokens", "expires_at_us", "");
  static const std::string kReleased = DeleteSql("placements", "released_at_us", "");
  const TimeDelta messages = std::max(rules.messages, kMinKept);
  const TimeDelta sessions = std::max(rules.sessions, kMinKept);
  return {Job{kMessages, messages},
          Job{kSequences, messages + kSequenceKept},
          Job{kEnded, sessions},
          Job{kAbandoned, sessions + kAbandonedAfter},
          Job{kAudit, std::max(rules.audit, kMinKept)},
          Job{kRevocations, kExpiredKept},
          Job{kUsedTokens, kExpiredKept},
          Job{kReleased, kReleasedKept}};
}

}  // namespace

asio::awaitable<StoreResult<Retention::Outcome>> Retention::Run(RetentionRules rules,
                                                                int64_t now_us) {
  Outcome all;
  const auto jobs = JobsOf(rules);
  for (const Job& job : jobs) {
    const auto one = co_await Delete(job.sql, now_us - job.kept.us());
    if (!one) co_return std::unexpected(one.error());
    all.deleted += one->deleted;
    all.is_complete = all.is_complete && one->is_complete;
  }
  co_return all;
}

asio::awaitable<StoreResult<Retention::Outcome>> Retention::Delete(std::string_view sql,
                                                                   int64_t before_us) {
  Outcome outcome;
  for (int batch = 0; batch < kMaxBatches; ++batch) {
    Statement remove(sql, {before_us});
    const auto rows = co_await database_.Run(std::move(remove));
    if (!rows) co_return std::unexpected(rows.error());
    const auto deleted = static_cast<int64_t>(rows->size());
    outcome.deleted += deleted;
    if (deleted < kBatchRows) co_return outcome;
  }
  outcome.is_complete = false;
  co_return outcome;
}

}  // namespace confab::store
