#pragma once

#include "confab/signaling/v1/shared.pb.h"
#include "services/signaling/room/participant.h"

namespace confab::signaling {

// A participant as the bus has it (shared.proto), and back. What another instance wrote is taken as
// it is but for words that are none: a producer of an unknown kind or source is left out.
v1::SharedParticipant ToShared(const Participant& participant);
std::vector<Producer> ProducersOf(const v1::SharedParticipant& shared);
std::vector<Transport> TransportsOf(const v1::SharedParticipant& shared);
auth::Grants GrantsOf(const v1::SharedParticipant& shared);

}  // namespace confab::signaling
