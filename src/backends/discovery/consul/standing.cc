#include "backends/discovery/consul/standing.h"

#include <utility>

namespace confab::discovery {

using observe::LogEvent, observe::LogLevel;

Standing::Standing(observe::Logger logger, std::string_view what)
    : logger_(std::move(logger)), what_(what), reason_("Consul has not answered yet") {}

void Standing::Answered() {
  if (state_ == State::kDown) {
    logger_.Log(LogLevel::kInfo, LogEvent::kDiscoveryBack, {{"about", what_}});
  }
  state_ = State::kUp;
  reason_.clear();
}

void Standing::Failed(const Error& error) {
  if (state_ != State::kDown) {
    logger_.Log(LogLevel::kWarning, LogEvent::kDiscoveryLost,
                {{"about", what_}, {"code", error.code}, {"why", error.message}});
  }
  state_ = State::kDown;
  reason_ = error.message;
}

}  // namespace confab::discovery
