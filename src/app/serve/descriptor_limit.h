#pragma once

#include <cstddef>
#include <string>

namespace confab::app {

// Raises this process's limit of open files to what the system allows it; returns that. A shell's
// own limit is 1024: too few for a hundred people with their connections.
size_t RaiseDescriptorLimit();

// How many connections of the web a process with so many descriptors takes, so that it has some for
// all the rest: a WebSocket needs three, as it goes through the gateway to signaling.
size_t MaxConnections(size_t descriptors);

// A sentence for whoever starts confab; empty where the limit takes nothing from MaxConnections.
std::string DescriptorWarning(size_t descriptors);

}  // namespace confab::app
