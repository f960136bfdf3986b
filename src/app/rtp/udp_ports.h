#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace confab::app {

// An even port p such that nobody listens at p and p + 1 at this address (RFC 3550 §11). Error
// kUnavailable: the address is not this machine's, or none is free.
Result<uint16_t> FindFreePortPair(const std::string& ip);

// Whether some program of this machine listens at the port, by the text of /proc/net/udp or udp6.
bool IsBound(std::string_view table, uint16_t port);
// The same by the files.
bool IsBound(uint16_t port);

}  // namespace confab::app
