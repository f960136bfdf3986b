#pragma once

#include <cstddef>
#include <cstdint>

#include "backends/store/database.h"

namespace confab::store {

// How long is kept what; from the time that the row itself carries.
struct RetentionRules {
  TimeDelta messages = TimeDelta::Seconds(int64_t{30} * 24 * 3600);
  TimeDelta sessions = TimeDelta::Seconds(int64_t{90} * 24 * 3600);  // after their end
  TimeDelta audit = TimeDelta::Seconds(int64_t{365} * 24 * 3600);
};

// A message's client id is known as long as the message: no retry may be later.
inline constexpr TimeDelta kMinKept = TimeDelta::Seconds(3600);
// After its expiry, for clocks that differ.
inline constexpr TimeDelta kExpiredKept = TimeDelta::Seconds(3600);
// After the release: the epochs of a room begin anew then, so no command may still be under way.
inline constexpr TimeDelta kReleasedKept = TimeDelta::Seconds(24 * 3600);
// A session that nobody ended, for example because its instance died and never came back.
inline constexpr TimeDelta kAbandonedAfter = TimeDelta::Seconds(int64_t{30} * 24 * 3600);
// After the last message of a room, beyond the keeping of messages: its numbers begin anew then.
inline constexpr TimeDelta kSequenceKept = TimeDelta::Seconds(int64_t{30} * 24 * 3600);

// Deletes what is kept no longer, in batches, so that no transaction is long. Any number of
// instances may do it at the same time. Lives on the database's thread; the database must outlive
// it and its calls.
class Retention {
 public:
  static constexpr int64_t kBatchRows = 500;
  // Of one table in one run; the rest is left to the next.
  static constexpr int kMaxBatches = 20;

  explicit Retention(Database& database) : database_(database) {}

  struct Outcome {
    int64_t deleted = 0;
    bool is_complete = true;  // false: a table had more than kMaxBatches
  };
  // Rows of one microsecond are deleted together, even where they are more than a batch. Rules
  // below kMinKept count as kMinKept. Fault: what was deleted before stays deleted; run it again.
  asio::awaitable<StoreResult<Outcome>> Run(RetentionRules rules, int64_t now_us);

 private:
  asio::awaitable<StoreResult<Outcome>> Delete(std::string_view sql, int64_t before_us);

  Database& database_;
};

}  // namespace confab::store
