#include "app/services/logs_process.h"

#include <fmt/format.h>

#include <utility>

#include "app/cli/version.h"
#include "app/parts/store_options.h"
#include "app/process/log_options.h"

namespace confab::app {

using observe::LogEvent, observe::LogLevel;

LogsProcess::LogsProcess(const Environment& environment)
    : environment_(environment), logs_(environment) {}

Result<void> LogsProcess::Start() {
  const Config& config = environment_.config;
  const std::string folder = LogFolderOf(config, kLogsRole);
  if (folder.empty()) {
    return Fail(ErrorCode::kInvalidConfiguration,
                "log.folder names none: give the folder into which the services write their logs, "
                "with --log-folder or CONFAB_LOG_FOLDER.");
  }
  if (config.logs.port == 0) {
    return Fail(ErrorCode::kInvalidConfiguration,
                "logs.port = 0 is for `confab serve`, which shows no logs then: give a port.");
  }
  auto authority = AuthorityPart::Open(environment_);
  if (!authority) return std::unexpected(authority.error());
  authority_ = std::move(*authority);
  if (IsStoreShared(config)) {  // for the tokens of API keys
    auto store = StorePart::Open(environment_);
    if (!store) return std::unexpected(store.error());
    store_ = std::move(*store);
    shared_tokens_ =
        std::make_unique<SharedTokensPart>(environment_, store_->store(), authority_->share(),
                                           SharedTokensPart::Resume::kWhenRevocationsAreKnown);
  }
  auto peers = Peers::Open(environment_);
  if (!peers) return std::unexpected(peers.error());
  auto started = logs_.Start({.authority = authority_->share(), .folder = folder});
  if (!started) return started;
  peers_ = std::move(*peers);
  peers_->Announce({.service = discovery::ServiceKind::kLogs, .http_port = logs_.port()},
                   config.logs.address);
  return {};
}

asio::awaitable<std::string> LogsProcess::Report() {
  std::string text = fmt::format("confab {} logs {}\n", Version(), environment_.instance_id);
  text += fmt::format("  folder   {}\n", environment_.config.log.folder);
  text += fmt::format("  logs     {}\n", logs_.Link());
  co_return text + "confab logs has started\n";
}

asio::awaitable<void> LogsProcess::Stop(TimeDelta deadline) {
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopping, {});
  co_await peers_->Withdraw(deadline / 2);
  co_await logs_.Stop(deadline / 2);
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopped, {});
}

}  // namespace confab::app
