#include "rtc/ice/ice_credentials.h"

#include <array>
#include <string_view>

namespace confab::rtc {
namespace {

// 64 characters: six random bits each, without bias.
constexpr std::string_view kIceChars =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static_assert(kIceChars.size() == 64);

template <size_t kSize>
std::string RandomText(RandomSource& random) {
  std::array<uint8_t, kSize> bytes;
  random.Fill(bytes);
  std::string text;
  text.reserve(kSize);
  for (const uint8_t byte : bytes) text.push_back(kIceChars[byte & 63]);
  return text;
}

}  // namespace

IceCredentials IceCredentials::Random(RandomSource& random) {
  std::string ufrag = RandomText<kUfragSize>(random);
  return {.ufrag = std::move(ufrag), .password = RandomText<kPasswordSize>(random)};
}

}  // namespace confab::rtc
