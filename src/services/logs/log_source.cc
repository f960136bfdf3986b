#include "services/logs/log_source.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace confab::logs {

namespace json = boost::json;
using observe::LogEvent, observe::LogLevel;

LogSource::LogSource(std::filesystem::path folder, observe::Logger logger,
                     observe::MetricsRegistry& metrics)
    : folder_(std::move(folder)), logger_(std::move(logger)) {
  AddMetrics(metrics);
}

void LogSource::AddMetrics(observe::MetricsRegistry& metrics) {
  using observe::Sample, observe::SampleKind;
  const auto sample = [&](const char* name, const char* help, SampleKind kind, auto read) {
    sampled_.push_back(metrics.AddSampled({name, help}, kind, [read] {
      return std::vector<Sample>{{{}, static_cast<double>(read())}};
    }));
  };
  sampled_.push_back(metrics.AddCounters(
      {"confab_logs_read_lines_total", "Lines read from the log folder, by their state."}, "state",
      lines_));
  sample("confab_logs_files", "Files that are followed.", SampleKind::kGauge,
         [this] { return folder_.files(); });
  sample("confab_logs_kept_lines", "Lines in memory.", SampleKind::kGauge,
         [this] { return index_.size(); });
  sample("confab_logs_kept_bytes", "Memory of these lines.", SampleKind::kGauge,
         [this] { return index_.bytes(); });
  sample("confab_logs_forgotten_lines_total", "The oldest lines, let go for newer ones.",
         SampleKind::kCounter, [this] { return index_.forgotten(); });
}

LogSource::News LogSource::Read(const ReadTime& time) {
  auto turn = folder_.Read(time);
  Note(turn);
  if (!turn) return {};
  for (const LogEntry& entry : turn->entries) {
    lines_.Add(entry.damage);
    if (!entry.service.empty() && services_.size() < kMaxServices) services_.insert(entry.service);
  }
  return {.entries = index_.Add(std::move(turn->entries)), .has_more = turn->has_more};
}

// Told once, not with every look at the folder.
void LogSource::Note(const Result<FolderTail::Turn>& turn) {
  std::string problem = turn ? "" : turn.error().message;
  if (!problem.empty() && problem_.empty()) {
    logger_.Log(LogLevel::kWarning, LogEvent::kConfigurationWarning, {{"message", problem}});
  }
  problem_ = std::move(problem);
}

std::string LogSource::StatusJson() const {
  json::object lines;
  for (size_t i = 0; i < kDamageCount; ++i) {
    lines[ToString(static_cast<Damage>(i))] = lines_[static_cast<Damage>(i)];
  }
  json::array services;
  for (const std::string& service : services_) services.emplace_back(service);
  json::object status{
      {"files", folder_.files()},  {"kept", index_.size()},           {"oldest", nullptr},
      {"lines", std::move(lines)}, {"services", std::move(services)}, {"problem", problem_}};
  if (const auto oldest = index_.oldest_us()) status["oldest"] = observe::FormatUtc(*oldest);
  return json::serialize(status);
}

}  // namespace confab::logs
