#pragma once

#include <string>
#include <string_view>

namespace confab::signaling {

// The router of a room that has a lease: the same at every signaling instance, and in every life of
// the room, which the epochs tell apart. 26 characters, as RoomId writes them.
std::string RouterIdOf(std::string_view room_name);

}  // namespace confab::signaling
