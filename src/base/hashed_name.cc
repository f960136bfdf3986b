#include "base/hashed_name.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "base/id.h"

namespace confab {

std::string HashedName(std::string_view name) {
  std::array<uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(name.data()), name.size(), digest.data());
  std::array<uint8_t, 16> id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return EncodeId(id);
}

}  // namespace confab
