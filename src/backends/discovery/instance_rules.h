#pragma once

#include <string_view>

#include "backends/discovery/discovery.h"

namespace confab::discovery {

// What the texts of an Instance may be, for those who read them from outside.

// 1 to 64 characters of [A-Za-z0-9_-].
bool IsInstanceId(std::string_view text);
// "", or a DNS label: 1 to 63 characters of [a-z0-9-], neither first nor last a '-'. Registries
// take such a text as a tag.
bool IsRegion(std::string_view text);
// An IP address without brackets, or a DNS name of at most 253 characters.
bool IsHost(std::string_view text);

// Nothing where `instance` can be told to others, else what is wrong with it, as the end of a
// sentence: "its id …".
std::string_view FaultOf(const Instance& instance);

}  // namespace confab::discovery
