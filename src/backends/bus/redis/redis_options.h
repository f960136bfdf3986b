#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace confab::bus {

// Where Redis is and how to speak to it. A value.
struct RedisOptions {
  enum class Security : uint8_t { kPlain, kTls };

  std::string host = "127.0.0.1";
  uint16_t port = 6379;
  Security security = Security::kPlain;
  std::string ca_file;   // PEM with the authorities for TLS; "": the system's
  std::string user;      // of its ACL; "": the default user
  std::string password;  // "": none
  uint16_t database = 0;
};

// redis://[USER@]HOST[:PORT][/DATABASE], or rediss:// for TLS. A password has no place in it,
// because URLs are shown and logged. Error kInvalidConfiguration: what is wrong.
Result<RedisOptions> ParseRedisUrl(std::string_view url);

}  // namespace confab::bus
