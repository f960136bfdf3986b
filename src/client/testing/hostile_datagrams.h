#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace confab::client {

using Datagrams = std::vector<std::vector<uint8_t>>;

// Binding requests that are well-formed in all but one thing: nobody knows their password. Each has
// a transaction id of its own and a FINGERPRINT that is right, so that only the HMAC tells.
Datagrams ForgedStunRequests(std::string_view username, size_t count, RandomSource& random);

// The first flights of so many DTLS clients. Empty: OpenSSL could not make them.
Datagrams ClientHellos(size_t count);

}  // namespace confab::client
