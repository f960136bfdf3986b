#pragma once

#include <memory>

#include "app/parts/authority_part.h"
#include "app/parts/logs_part.h"
#include "app/parts/shared_tokens_part.h"
#include "app/parts/store_part.h"
#include "app/process/composition.h"
#include "app/process/peers.h"

namespace confab::app {

// `confab logs`: shows the logs of all services that write into log.folder.
class LogsProcess final : public Composition {
 public:
  explicit LogsProcess(const Environment& environment);

  Result<void> Start() override;
  asio::awaitable<std::string> Report() override;
  asio::awaitable<void> Stop(TimeDelta deadline) override;

 private:
  const Environment environment_;
  std::unique_ptr<AuthorityPart> authority_;
  std::unique_ptr<StorePart> store_;  // nullptr: it has none of its own
  std::unique_ptr<SharedTokensPart> shared_tokens_;
  std::unique_ptr<Peers> peers_;
  LogsPart logs_;
};

}  // namespace confab::app
