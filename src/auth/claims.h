#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace confab::auth {

// What a token is for: its "aud". A token of one kind is worth nothing as another.
enum class Audience : uint8_t {
  kJoin,     // "confab/join": to enter one room, once
  kResume,   // "confab/resume": to come back as one participant
  kApi,      // "confab/api": the REST interface, with scopes
  kService,  // "confab/service": between the services
};
std::string_view ToString(Audience audience);

// What a participant may do: the claim "grants" of a join token, an object with these names
// (grant_words.h). The default is a guest's.
struct Grants {
  bool audio = true;   // send sound
  bool video = true;   // send a camera
  bool screen = true;  // share a screen, its sound included
  bool chat = true;
  bool data = true;
  bool hidden = false;    // unseen by others, as a recorder is
  bool moderate = false;  // remove and mute others, close the room

  bool operator==(const Grants&) const = default;
};

// Who enters which room: the payload of a join token.
struct JoinClaims {
  std::string
      token_id;  // "jti": unique, for the one use; API keys' begin with the key's id and '/'
  std::string room;
  std::string identity;  // "sub": the person, stable over calls; "" for a guest
  std::string name;      // to show; "" lets the person choose
  std::string role;      // "guest", "member", "moderator": for logs and the interface
  Grants grants;
  int64_t expires_at_s = 0;  // since the Unix epoch

  bool operator==(const JoinClaims&) const = default;
};

// Who comes back: the payload of a resume token. Its grants are those that the participant has.
struct ResumeClaims {
  std::string room;
  std::string participant;  // "sub"
  int64_t expires_at_s = 0;

  bool operator==(const ResumeClaims&) const = default;
};

// What a token of the REST interface may do.
struct ApiClaims {
  std::string subject;              // an API key's id, or an identity
  std::vector<std::string> scopes;  // such as "rooms:read"; "scope" in the token, parted by spaces
  std::string room;                 // "": all rooms
  int64_t expires_at_s = 0;

  bool Allows(std::string_view scope) const;
  bool operator==(const ApiClaims&) const = default;
};

// Which service calls another.
struct ServiceClaims {
  std::string service;   // "gateway", "signaling", "media", "logs"
  std::string instance;  // "sub"
  int64_t expires_at_s = 0;

  bool operator==(const ServiceClaims&) const = default;
};

}  // namespace confab::auth
