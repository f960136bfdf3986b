#include "services/gateway/turn/turn_credentials.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <span>

#include "base/base64.h"

namespace confab::gateway {

TurnCredentials MakeTurnCredentials(std::string_view secret, std::string_view participant,
                                    int64_t expires_at_s) {
  TurnCredentials made;
  made.username = fmt::format("{}:{}", expires_at_s, participant);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(made.username.data()), made.username.size(),
       digest.data(), &size);
  made.credential = ToBase64(std::span(digest).first(size));
  return made;
}

}  // namespace confab::gateway
