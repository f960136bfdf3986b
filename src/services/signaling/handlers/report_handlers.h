#pragma once

#include "services/signaling/call/switchboard.h"
#include "services/signaling/handlers/event_table.h"

namespace confab::signaling {

// report, reportFailure: what a page sees of its call becomes a line of the log, and nothing else.
class ReportHandlers {
 public:
  explicit ReportHandlers(Switchboard& switchboard) : switchboard_(switchboard) {}
  void AddTo(EventTable& table);

 private:
  Result<json::value> Report(Session& session, const json::value& payload);
  Result<json::value> ReportFailure(Session& session, const json::value& payload);

  Switchboard& switchboard_;
};

}  // namespace confab::signaling
