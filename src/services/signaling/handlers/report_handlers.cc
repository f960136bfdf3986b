#include "services/signaling/handlers/report_handlers.h"

#include "net/clock.h"
#include "services/signaling/protocol/reports.h"

namespace confab::signaling {

void ReportHandlers::AddTo(EventTable& table) {
  table.AddPlain("report", [this](Session& s, const json::value& p) { return Report(s, p); });
  table.AddPlain("reportFailure",
                 [this](Session& s, const json::value& p) { return ReportFailure(s, p); });
}

Result<json::value> ReportHandlers::Report(Session& session, const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) return std::unexpected(place.error());
  const Result<ClientReport> report = ParseReport(payload);
  if (!report) return std::unexpected(report.error());
  session.retry_after = session.reports.TakeReport(net::MonotonicNow());
  if (session.retry_after) {
    return Fail(ErrorCode::kRateLimited, "too many reports at once; one in five seconds is enough");
  }
  switchboard_.log().Reported(*place, *report);
  return json::object();
}

Result<json::value> ReportHandlers::ReportFailure(Session& session, const json::value& payload) {
  const Result<ClientFailure> failure = ParseFailure(payload);
  if (!failure) return std::unexpected(failure.error());
  session.retry_after = session.reports.TakeFailure(net::MonotonicNow());
  if (session.retry_after) {
    return Fail(ErrorCode::kRateLimited,
                "too many failures are reported at once; one in a second "
                "is enough");
  }
  switchboard_.log().ClientFailed(session, *failure);
  return json::object();
}

}  // namespace confab::signaling
