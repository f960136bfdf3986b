#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace confab::gateway {

// What a client needs to use one: as RTCIceServer has it.
struct TurnCredentials {
  std::string username;    // "EXPIRY:PARTICIPANT", the expiry in seconds since the Unix epoch
  std::string credential;  // base64(HMAC-SHA1(secret, username))
};

// Credentials that one participant may begin an allocation with until they expire, as coturn's
// `use-auth-secret` checks them (the TURN REST API draft, draft-uberti-behave-turn-rest-00 §2.2).
// `participant` goes into the TURN server's logs and quotas.
TurnCredentials MakeTurnCredentials(std::string_view secret, std::string_view participant,
                                    int64_t expires_at_s);

}  // namespace confab::gateway
