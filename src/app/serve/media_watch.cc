#include "app/serve/media_watch.h"

#include <chrono>
#include <string>
#include <utility>

#include "app/serve/media_metrics.h"

namespace confab::app {
namespace {

using media::MediaStatus;
using observe::Sample, observe::SampleKind;

constexpr auto kInterval = std::chrono::seconds(1);

}  // namespace

MediaWatch::MediaWatch(media::MediaService& media, observe::MetricsRegistry& metrics)
    : media_(media), last_(media.Status()) {
  AddMetrics(metrics);
  thread_ = std::thread([this] { Run(); });
}

MediaWatch::~MediaWatch() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

std::optional<MediaStatus> MediaWatch::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void MediaWatch::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kInterval, [this] { return is_stopping_; })) {
    lock.unlock();
    auto status = media_.Status();
    lock.lock();
    last_ = std::move(status);
  }
}

void MediaWatch::AddMetrics(observe::MetricsRegistry& metrics) {
  registrations_ = AddMediaMetrics(metrics, [this] { return last(); });
  registrations_.push_back(metrics.AddSampled(
      {"confab_media_draining", "1 while this media instance takes no new rooms."},
      SampleKind::kGauge,
      [this] { return std::vector<Sample>{{{}, media_.is_draining() ? 1.0 : 0.0}}; }));
}

}  // namespace confab::app
