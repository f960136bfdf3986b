#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "observe/metrics.h"
#include "services/media/media_service.h"

namespace confab::app {

// Asks the media service how it is, once a second on a thread of its own, because the answer may
// take up to a second when a worker hangs. What it was told last can be read from every thread, and
// becomes metrics. The service and the registry must outlive it.
class MediaWatch {
 public:
  MediaWatch(media::MediaService& media, observe::MetricsRegistry& metrics);
  ~MediaWatch();
  MediaWatch(const MediaWatch&) = delete;
  MediaWatch& operator=(const MediaWatch&) = delete;

  // Nothing: a worker did not answer when asked last.
  std::optional<media::MediaStatus> last() const;

 private:
  void Run();
  void AddMetrics(observe::MetricsRegistry& metrics);

  media::MediaService& media_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<media::MediaStatus> last_;  // guarded by mutex_
  bool is_stopping_ = false;                // guarded by mutex_
  std::vector<std::shared_ptr<void>> registrations_;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace confab::app
