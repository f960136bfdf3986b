#pragma once

#include <string>
#include <string_view>

namespace confab {

// What stands for a name that must not be told itself, the same in every process: a room's name
// opens the room, so logs and routers have this. The first 16 octets of the name's SHA-256, as ids
// are written (base/id.h). A name of 128 random bits cannot be found from it; one that can be
// guessed can be guessed at the door too.
std::string HashedName(std::string_view name);

}  // namespace confab
