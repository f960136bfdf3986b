#pragma once

#include "services/signaling/room/participant.h"

namespace confab::signaling {

// The protocol's `Participant`, `ProducerEntry` and `ConsumerEntry`.
json::object ParticipantJson(const Participant& participant);
json::object ProducerJson(const Producer& producer);
json::object ConsumerJson(const Consumer& consumer, const Producer& producer);

}  // namespace confab::signaling
