#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "observe/metrics.h"
#include "services/media/media_status.h"

namespace confab::app {

// Shows what a media service tells of itself, while the registrations live. `last` is what it told
// last, nothing where a worker does not answer; called on the scraping thread.
std::vector<std::shared_ptr<void>> AddMediaMetrics(
    observe::MetricsRegistry& metrics,
    const std::function<std::optional<media::MediaStatus>()>& last);

}  // namespace confab::app
