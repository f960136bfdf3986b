#include "app/parts/signaling_metrics.h"

#include <string>

namespace confab::app {
namespace {

using observe::HistogramSample, observe::Sample, observe::SampleKind;
using signaling::SignalingMeter;

std::vector<Sample> ByCode(const char* label, const signaling::CodeCounts& counts) {
  std::vector<Sample> samples;
  for (size_t i = 0; i < counts.size(); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    samples.push_back({{{label, std::string(ToString(code))}}, static_cast<double>(counts[i])});
  }
  return samples;
}

std::vector<Sample> ByEvent(const std::map<std::string, uint64_t>& counts) {
  std::vector<Sample> samples;
  samples.reserve(counts.size());
  for (const auto& [event, count] : counts) {
    samples.push_back({{{"event", event}}, static_cast<double>(count)});
  }
  return samples;
}

std::vector<HistogramSample> Stages(const SignalingMeter& meter) {
  std::vector<HistogramSample> samples;
  for (size_t i = 0; i < signaling::kJoinStages; ++i) {
    const auto stage = static_cast<signaling::JoinStage>(i);
    samples.push_back({{{"stage", std::string(ToString(stage))}}, meter.stage(stage)});
  }
  return samples;
}

std::vector<Sample> Joins(const SignalingMeter& meter) {
  std::vector<Sample> samples = ByCode("outcome", meter.failed_joins());
  samples.push_back({{{"outcome", "ok"}}, static_cast<double>(meter.joins())});
  return samples;
}

std::vector<Sample> Messages(const SignalingMeter& meter) {
  using enum SignalingMeter::Audience;
  return {{{{"to", "everybody"}}, static_cast<double>(meter.messages(kEverybody))},
          {{{"to", "one"}}, static_cast<double>(meter.messages(kOne))}};
}

}  // namespace

void AddSignalingMetrics(observe::MetricsRegistry& metrics, const SignalingMeter& meter,
                         std::vector<std::shared_ptr<void>>& registrations) {
  const auto add = [&](const observe::MetricName& name, auto read) {
    registrations.push_back(
        metrics.AddSampled(name, SampleKind::kCounter, [&meter, read] { return read(meter); }));
  };
  const auto add_times = [&](const observe::MetricName& name, auto read) {
    registrations.push_back(
        metrics.AddSampledHistogram(name, [&meter, read] { return read(meter); }));
  };
  using Times = std::vector<HistogramSample>;
  add({"confab_joins_total", "Events joinRoom, by \"ok\" or the code of the refusal."}, Joins);
  add_times({"confab_join_seconds", "How long joins took, by stage."}, Stages);
  add({"confab_signaling_events_total", "Events that clients sent, by name."},
      [](const SignalingMeter& each) { return ByEvent(each.received()); });
  add({"confab_signaling_sent_events_total", "Events that clients were sent, by name."},
      [](const SignalingMeter& each) { return ByEvent(each.sent()); });
  add({"confab_signaling_refusals_total", "Events that were refused, by the code."},
      [](const SignalingMeter& each) { return ByCode("code", each.refusals()); });
  add_times({"confab_signaling_event_seconds", "How long clients' events took to be answered."},
            [](const SignalingMeter& each) { return Times{{{}, each.answers()}}; });
  add({"confab_chat_messages_total", "Messages that were kept, by whom they are for."}, Messages);
  add_times({"confab_chat_keep_seconds", "How long it took to keep messages."},
            [](const SignalingMeter& each) { return Times{{{}, each.kept()}}; });
}

}  // namespace confab::app
