#pragma once

#include <cstdint>
#include <string>

#include "base/id.h"

namespace confab::signaling {

struct RoomTag;
struct ParticipantTag;

// One life of a room: a name that is used again later is another RoomId. Names the media router.
using RoomId = Id<RoomTag>;
using ParticipantId = Id<ParticipantTag>;
// Names a transport, producer or consumer at the media service; unique within its router.
using MediaId = std::string;

// A Socket.IO connection, numbered by this instance from 1. 0: none.
enum class ConnectionId : uint64_t { kNone = 0 };

}  // namespace confab::signaling
