#include "observe/private.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/bytes.h"
#include "base/check.h"
#include "base/random.h"

namespace confab::observe {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kShownBytes = 6;

const std::array<uint8_t, kKeyBytes>& ProcessKey() {
  static const auto key = [] {
    std::array<uint8_t, kKeyBytes> bytes;
    SecureRandom().Fill(bytes);
    return bytes;
  }();
  return key;
}

}  // namespace

std::string Pseudonym(std::string_view text) {
  if (text.empty()) return "";
  const auto& key = ProcessKey();
  const BytesView input = AsBytes(text);
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), input.data(), input.size(),
             digest.data(), &length) != nullptr);
  std::string shown = "private:";
  for (size_t i = 0; i < kShownBytes; ++i) shown += fmt::format("{:02x}", digest[i]);
  return shown;
}

}  // namespace confab::observe
