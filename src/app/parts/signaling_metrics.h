#pragma once

#include <memory>
#include <vector>

#include "observe/metrics.h"
#include "services/signaling/call/signaling_meter.h"

namespace confab::app {

// Shows what a signaling service counts, while the registrations live; the meter must outlive them.
void AddSignalingMetrics(observe::MetricsRegistry& metrics, const signaling::SignalingMeter& meter,
                         std::vector<std::shared_ptr<void>>& registrations);

}  // namespace confab::app
