#include "services/signaling/placement/router_id.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/id.h"

namespace confab::signaling {

std::string RouterIdOf(std::string_view room_name) {
  std::array<uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(room_name.data()), room_name.size(), digest.data());
  std::array<uint8_t, 16> id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return EncodeId(id);
}

}  // namespace confab::signaling
