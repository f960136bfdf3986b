#include "observe/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
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

}  // namespace

struct MetricsRegistry::Sampled {
  MetricName name;
  SampleKind kind;
  std::function<std::vector<Sample>()> read;

  prometheus::MetricFamily Family() const {
    prometheus::MetricFamily family;
    family.name = name.name;
    family.help = name.help;
    const bool is_counter = kind == SampleKind::kCounter;
    family.type = is_counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
    for (const Sample& sample : read()) {
      prometheus::ClientMetric metric;
      for (const auto& [label, value] : sample.labels) metric.label.push_back({label, value});
      (is_counter ? metric.counter.value : metric.gauge.value) = sample.value;
      family.metric.push_back(std::move(metric));
    }
    return family;
  }
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

std::shared_ptr<void> MetricsRegistry::AddSampled(const MetricName& name, SampleKind kind,
                                                  std::function<std::vector<Sample>()> read) {
  CHECK(IsMetricName(name.name));
  // Shared with nobody but the caller: the registry only looks whether it still lives.
  auto sampled = std::make_shared<Sampled>(Sampled{name, kind, std::move(read)});
  const std::lock_guard lock(mutex_);
  sampled_.push_back(sampled);
  return sampled;
}

std::string MetricsRegistry::Exposition() const {
  std::vector<prometheus::MetricFamily> families = registry_->Collect();
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(sampled_, [](const auto& entry) { return entry.expired(); });
    for (const auto& entry : sampled_) {
      if (const auto sampled = entry.lock()) families.push_back(sampled->Family());
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
