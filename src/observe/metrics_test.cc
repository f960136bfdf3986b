#include "observe/metrics.h"

#include <gtest/gtest.h>

namespace confab::observe {
namespace {

enum class Reason { kOld, kForged };
constexpr size_t kReasonCount = 2;
std::string_view ToString(Reason reason) {
  return reason == Reason::kOld ? "old" : "forged";
}

bool Has(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(MetricsRegistry, ShowsCountersWithTheirLabels) {
  MetricsRegistry metrics;
  metrics.AddCounter({"confab_joins_total", "Joins."}, {{"result", "ok"}}).Add(3);
  const std::string text = metrics.Exposition();
  EXPECT_TRUE(Has(text, "# HELP confab_joins_total Joins.")) << text;
  EXPECT_TRUE(Has(text, "# TYPE confab_joins_total counter")) << text;
  EXPECT_TRUE(Has(text, R"(confab_joins_total{result="ok"} 3)")) << text;
}

TEST(MetricsRegistry, GivesTheSameCounterForTheSameNameAndLabels) {
  MetricsRegistry metrics;
  metrics.AddCounter({"confab_joins_total", "Joins."}).Add();
  metrics.AddCounter({"confab_joins_total", "Joins."}).Add();
  EXPECT_TRUE(Has(metrics.Exposition(), "confab_joins_total 2"));
}

TEST(MetricsRegistry, LetsGaugesFall) {
  MetricsRegistry metrics;
  Gauge& gauge = metrics.AddGauge({"confab_rooms", "Rooms."});
  gauge.Set(5);
  gauge.Add(-2);
  EXPECT_TRUE(Has(metrics.Exposition(), "confab_rooms 3"));
}

TEST(MetricsRegistry, CountsObservationsInRanges) {
  MetricsRegistry metrics;
  Histogram& histogram = metrics.AddHistogram({"confab_join_seconds", "Time."}, {0.1, 1});
  for (const double value : {0.05, 0.5, 5.0}) histogram.Observe(value);
  const std::string text = metrics.Exposition();
  EXPECT_TRUE(Has(text, R"(confab_join_seconds_bucket{le="0.1"} 1)")) << text;
  EXPECT_TRUE(Has(text, R"(confab_join_seconds_bucket{le="1"} 2)")) << text;
  EXPECT_TRUE(Has(text, "confab_join_seconds_count 3")) << text;
}

TEST(MetricsRegistry, AsksForSampledValuesWhileTheirOwnerLives) {
  MetricsRegistry metrics;
  double value = 1;
  auto owner = metrics.AddSampled({"confab_rooms", "Rooms."}, SampleKind::kGauge,
                                  [&value] { return std::vector<Sample>{{{}, value}}; });
  value = 7;
  EXPECT_TRUE(Has(metrics.Exposition(), "confab_rooms 7"));
  owner.reset();
  EXPECT_EQ(metrics.Exposition().find("confab_rooms"), std::string::npos);
}

TEST(MetricsRegistry, ShowsRangesThatSomebodyCountsInSeconds) {
  static constexpr std::array kBounds{TimeDelta::Millis(1), TimeDelta::Millis(250)};
  MetricsRegistry metrics;
  BucketCounts counts(kBounds);
  for (const int64_t ms : {1, 100, 1000}) counts.Observe(TimeDelta::Millis(ms));
  const auto owner = metrics.AddSampledHistogram({"confab_call_seconds", "Time."}, [&counts] {
    return std::vector<HistogramSample>{{{{"method", "Stats"}}, counts}};
  });
  const std::string text = metrics.Exposition();
  EXPECT_TRUE(Has(text, "# TYPE confab_call_seconds histogram")) << text;
  EXPECT_TRUE(Has(text, R"(confab_call_seconds_bucket{method="Stats",le="0.001"} 1)")) << text;
  EXPECT_TRUE(Has(text, R"(confab_call_seconds_bucket{method="Stats",le="0.25"} 2)")) << text;
  EXPECT_TRUE(Has(text, R"(confab_call_seconds_bucket{method="Stats",le="+Inf"} 3)")) << text;
  EXPECT_TRUE(Has(text, R"(confab_call_seconds_count{method="Stats"} 3)")) << text;
  EXPECT_TRUE(Has(text, R"(confab_call_seconds_sum{method="Stats"} 1.101)")) << text;
}

TEST(MetricsRegistry, NamesEachReasonOfACounterArray) {
  CounterArray<Reason, kReasonCount> drops;
  drops.Add(Reason::kForged);
  drops.Add(Reason::kForged, 4);
  MetricsRegistry metrics;
  const auto owner = metrics.AddCounters({"confab_drops_total", "Drops."}, "reason", drops);
  const std::string text = metrics.Exposition();
  EXPECT_TRUE(Has(text, R"(confab_drops_total{reason="old"} 0)")) << text;
  EXPECT_TRUE(Has(text, R"(confab_drops_total{reason="forged"} 5)")) << text;
}

TEST(MetricName, BelongsToConfabAndIsLowerCase) {
  EXPECT_TRUE(IsMetricName("confab_x_total"));
  for (const char* name : {"", "confab_", "x_total", "confab_X", "confab_a-b", "confab_a b"}) {
    EXPECT_FALSE(IsMetricName(name)) << name;
  }
}

}  // namespace
}  // namespace confab::observe
