#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/bucket_counts.h"
#include "observe/counter_array.h"

namespace prometheus {
class Registry;
struct MetricFamily;
}  // namespace prometheus

namespace confab::observe {

using MetricLabels = std::map<std::string, std::string>;

// A value that goes up, or up and down. Any thread. Owned by the MetricsRegistry, lives as long.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual void Add(double amount = 1) = 0;
};
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void Set(double value) = 0;
  virtual void Add(double amount) = 0;
};
// Counts observations in ranges.
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void Observe(double value) = 0;
};

struct MetricName {
  std::string name;  // "confab_" first, unit last: confab_join_seconds, confab_packets_total
  std::string help;  // one sentence
};

enum class SampleKind : uint8_t { kCounter, kGauge };

struct Sample {
  MetricLabels labels;
  double value = 0;
};

struct HistogramSample {
  MetricLabels labels;
  BucketCounts counts;
};

// Every metric of the program, as /metrics shows it. Any thread.
class MetricsRegistry {
 public:
  MetricsRegistry();
  ~MetricsRegistry();
  MetricsRegistry(const MetricsRegistry&) = delete;
  MetricsRegistry& operator=(const MetricsRegistry&) = delete;

  // The same name and labels give the same object. A broken name is a programmer's error (CHECK).
  Counter& AddCounter(const MetricName& name, const MetricLabels& labels = {});
  Gauge& AddGauge(const MetricName& name, const MetricLabels& labels = {});
  // `bounds` are the upper ends of the ranges, rising.
  Histogram& AddHistogram(const MetricName& name, const std::vector<double>& bounds,
                          const MetricLabels& labels = {});

  // While the returned object lives, `read` is asked at each scrape, on the scraping thread: for
  // values that somebody counts already.
  [[nodiscard]] std::shared_ptr<void> AddSampled(const MetricName& name, SampleKind kind,
                                                 std::function<std::vector<Sample>()> read);

  // The same for ranges that somebody counts already; shown in seconds.
  [[nodiscard]] std::shared_ptr<void> AddSampledHistogram(
      const MetricName& name, std::function<std::vector<HistogramSample>()> read);

  // The same for a CounterArray that outlives the returned object. `label` is the label's name,
  // ToString(E) its value.
  template <typename E, size_t kSize>
  [[nodiscard]] std::shared_ptr<void> AddCounters(const MetricName& name, const std::string& label,
                                                  const CounterArray<E, kSize>& counters) {
    return AddSampled(name, SampleKind::kCounter, [&counters, label] {
      std::vector<Sample> samples;
      for (size_t i = 0; i < kSize; ++i) {
        const auto reason = static_cast<E>(i);
        samples.push_back(
            {{{label, std::string(ToString(reason))}}, static_cast<double>(counters[reason])});
      }
      return samples;
    });
  }

  // All metrics in Prometheus' text format.
  std::string Exposition() const;
  static constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Sampled;

  std::shared_ptr<void> AddFamily(const MetricName& name,
                                  std::function<prometheus::MetricFamily()> read);

  std::unique_ptr<prometheus::Registry> registry_;
  mutable std::mutex mutex_;  // guards the lists below
  std::vector<std::unique_ptr<Counter>> counters_;
  std::vector<std::unique_ptr<Gauge>> gauges_;
  std::vector<std::unique_ptr<Histogram>> histograms_;
  // Weak: the caller's object decides how long a sampled metric lives.
  mutable std::vector<std::weak_ptr<Sampled>> sampled_;
};

// Prometheus' rules for names, and ours: begins with "confab_", lower case.
bool IsMetricName(const std::string& name);

}  // namespace confab::observe
