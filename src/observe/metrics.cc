#include "observe/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"

namespace confab::observe {
namespace {

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
  void Add(double amount) override { counter_.Increment(amount); }

 private:
  prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
 public:
  explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void Set(double value) override { gauge_.Set(value); }
  void Add(double amount) override { gauge_.Increment(amount); }

 private:
  prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void Observe(double value) override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

prometheus::ClientMetric WithLabels(const MetricLabels& labels) {
  prometheus::ClientMetric metric;
  for (const auto& [label, value] : labels) metric.label.push_back({label, value});
  return metric;
}

prometheus::ClientMetric::Histogram ToPrometheus(const BucketCounts& counts) {
  prometheus::ClientMetric::Histogram histogram;
  const auto bounds = counts.bounds();
  uint64_t cumulative = 0;
  for (size_t i = 0; i < bounds.size(); ++i) {
    cumulative += counts.count(i);
    histogram.bucket.push_back({cumulative, bounds[i].seconds()});
  }
  histogram.sample_count = cumulative + counts.count(bounds.size());
  histogram.bucket.push_back({histogram.sample_count, std::numeric_limits<double>::infinity()});
  histogram.sample_sum = counts.sum().seconds();
  return histogram;
}

}  // namespace

struct MetricsRegistry::Sampled {
  std::function<prometheus::MetricFamily()> read;
};

MetricsRegistry::MetricsRegistry() : registry_(std::make_unique<prometheus::Registry>()) {}
MetricsRegistry::~MetricsRegistry() = default;

Counter& MetricsRegistry::AddCounter(const MetricName& name, const MetricLabels& labels) {
  CHECK(IsMetricName(name.name));
  auto& family = prometheus::BuildCounter().Name(name.name).Help(name.help).Register(*registry_);
  const std::lock_guard lock(mutex_);
  counters_.push_back(std::make_unique<PrometheusCounter>(family.Add(labels)));
  return *counters_.back();
}

Gauge& MetricsRegistry::AddGauge(const MetricName& name, const MetricLabels& labels) {
  CHECK(IsMetricName(name.name));
  auto& family = prometheus::BuildGauge().Name(name.name).Help(name.help).Register(*registry_);
  const std::lock_guard lock(mutex_);
  gauges_.push_back(std::make_unique<PrometheusGauge>(family.Add(labels)));
  return *gauges_.back();
}

Histogram& MetricsRegistry::AddHistogram(const MetricName& name, const std::vector<double>& bounds,
                                         const MetricLabels& labels) {
  CHECK(IsMetricName(name.name));
  auto& family = prometheus::BuildHistogram().Name(name.name).Help(name.help).Register(*registry_);
  const std::lock_guard lock(mutex_);
  histograms_.push_back(std::make_unique<PrometheusHistogram>(family.Add(labels, bounds)));
  return *histograms_.back();
}

std::shared_ptr<void> MetricsRegistry::AddFamily(const MetricName& name,
                                                 std::function<prometheus::MetricFamily()> read) {
  CHECK(IsMetricName(name.name));
  // Shared with nobody but the caller: the registry only looks whether it still lives.
  auto sampled = std::make_shared<Sampled>(Sampled{std::move(read)});
  const std::lock_guard lock(mutex_);
  sampled_.push_back(sampled);
  return sampled;
}

std::shared_ptr<void> MetricsRegistry::AddSampled(const MetricName& name, SampleKind kind,
                                                  std::function<std::vector<Sample>()> read) {
  const bool is_counter = kind == SampleKind::kCounter;
  const auto type = is_counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
  return AddFamily(name, [name, type, is_counter, read = std::move(read)] {
    prometheus::MetricFamily family{name.name, name.help, type, {}};
    for (const Sample& sample : read()) {
      prometheus::ClientMetric metric = WithLabels(sample.labels);
      (is_counter ? metric.counter.value : metric.gauge.value) = sample.value;
      family.metric.push_back(std::move(metric));
    }
    return family;
  });
}

std::shared_ptr<void> MetricsRegistry::AddSampledHistogram(
    const MetricName& name, std::function<std::vector<HistogramSample>()> read) {
  return AddFamily(name, [name, read = std::move(read)] {
    prometheus::MetricFamily family{name.name, name.help, prometheus::MetricType::Histogram, {}};
    for (const HistogramSample& sample : read()) {
      prometheus::ClientMetric metric = WithLabels(sample.labels);
      metric.histogram = ToPrometheus(sample.counts);
      family.metric.push_back(std::move(metric));
    }
    return family;
  });
}

std::string MetricsRegistry::Exposition() const {
  std::vector<prometheus::MetricFamily> families = registry_->Collect();
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(sampled_, [](const auto& entry) { return entry.expired(); });
    for (const auto& entry : sampled_) {
      if (const auto sampled = entry.lock()) families.push_back(sampled->read());
    }
  }
  std::ranges::sort(families, {}, &prometheus::MetricFamily::name);
  return prometheus::TextSerializer().Serialize(families);
}

bool IsMetricName(const std::string& name) {
  constexpr std::string_view kPrefix = "confab_";
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return name.starts_with(kPrefix) && name.size() > kPrefix.size() &&
         std::ranges::all_of(name, is_allowed);
}

}  // namespace confab::observe
