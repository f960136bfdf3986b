#pragma once

#include <string>
#include <vector>

#include "backends/discovery/discovery.h"
#include "services/gateway/api/logs_port.h"

namespace confab::gateway {

// The log viewers over plain HTTP, one after another until one knows the room: each machine may
// have one of its own, with the lines of that machine.
class LogsClient final : public LogsPort {
 public:
  static constexpr TimeDelta kDeadline = TimeDelta::Seconds(5);  // for all that are asked
  static constexpr size_t kMaxAsked = 4;                         // beyond: not asked
  static constexpr size_t kMaxAnswerBytes = 4 * 1024 * 1024;     // a longer answer is none

  // Replaces all that are known. Questions that are on their way go on.
  void SetPeers(std::vector<discovery::Instance> peers) { peers_ = std::move(peers); }

  asio::awaitable<Result<std::string>> Explain(ExplainQuestion question) override;

 private:
  std::vector<discovery::Instance> peers_;
};

}  // namespace confab::gateway
