#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "app/parts/last_trouble.h"
#include "app/process/environment.h"
#include "backends/store/gated_database.h"
#include "backends/store/store.h"
#include "base/back_off.h"
#include "base/random.h"
#include "services/gateway/ready_report.h"

namespace confab::app {

// The store as the configuration has it, with its metrics and its log. Opened at once; prepared in
// the background, again and again until that succeeds, so that a database may start later than
// confab; once an hour what is kept no longer is deleted. On the io_context's thread.
class StorePart {
 public:
  // Error: kInvalidConfiguration, with the fix. A PostgreSQL that is away is none.
  static Result<std::unique_ptr<StorePart>> Open(const Environment& environment);
  ~StorePart();

  store::Store& store() { return *store_; }
  // Always ready, for calls go on without it; the reason says what does not work meanwhile, for
  // example "nobody new is let in".
  gateway::ReadyReport::Part Ready(std::string_view failing) const;

 private:
  StorePart(const Environment& environment, std::unique_ptr<store::GatedDatabase> database);
  void AddMetrics();
  void PrepareSoon(TimeDelta pause);
  asio::awaitable<void> Prepare();
  void DeleteOldLater(TimeDelta pause);
  asio::awaitable<void> DeleteOld();
  // Logs when it goes and when it is back.
  void WatchLater();

  const Environment environment_;
  observe::Logger logger_;
  store::GatedDatabase* database_;  // the store's
  std::unique_ptr<store::Store> store_;
  asio::steady_timer preparing_;
  asio::steady_timer deleting_;
  asio::steady_timer watching_;
  BackOff back_off_;
  LastTrouble trouble_;  // while it is prepared
  SecureRandom random_;
  bool was_up_ = true;
  std::vector<std::shared_ptr<void>> sampled_metrics_;  // keeps them registered
  // Coroutines that outlive the part see that it has gone. Shared with them.
  std::shared_ptr<bool> is_here_ = std::make_shared<bool>(true);
};

}  // namespace confab::app
