#pragma once

#include "confab/media/v1/media.pb.h"
#include "services/signaling/protocol/json.h"

namespace confab::signaling {

// The media service's counters in the protocol's spelling. Ids are the media service's.
json::object ToJson(const media::v1::TransportStats& stats);
json::object ToJson(const media::v1::ProducerStats& stats);
json::object ToJson(const media::v1::ConsumerStats& stats);

}  // namespace confab::signaling
