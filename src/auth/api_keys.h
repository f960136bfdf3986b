#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace confab::auth {

// A key with which another server mints tokens by itself, as HS256 over the octets of `secret`.
struct ApiKey {
  static constexpr std::string_view kIdPrefix = "ck_";
  static constexpr std::string_view kSecretPrefix = "cs_";
  static constexpr size_t kMinSecretLetters = 43;  // of base64url behind the prefix: 256 bits
  static constexpr size_t kMaxSecretLetters = 128;
  // The scope that a key needs to mint join tokens.
  static constexpr std::string_view kMintJoin = "tokens:join";

  std::string id;                   // "ck_…", the "kid" of its tokens
  std::string secret;               // "cs_…"
  std::vector<std::string> scopes;  // what its API tokens may do at most
  std::string room;                 // "": all
  int64_t created_at_s = 0;         // since the Unix epoch

  bool Has(std::string_view scope) const;
  bool operator==(const ApiKey&) const = default;
};

// Error kInvalidConfiguration: what no key may be like.
Result<void> CheckApiKey(const ApiKey& key);

// A deployment's API keys: a JSON file with mode 0600, at most kMaxApiKeys in it.
inline constexpr size_t kMaxApiKeys = 256;

// Error kInvalidConfiguration: what is wrong with the text, without its place.
Result<std::vector<ApiKey>> ParseApiKeys(std::string_view text);
// No file is no keys. Error kInvalidConfiguration: others can read it, or its text is wrong.
Result<std::vector<ApiKey>> ReadApiKeys(const std::filesystem::path& file);

struct NewApiKey {
  std::vector<std::string> scopes;
  std::string room;
};
// A new key with a random id and secret, not yet kept anywhere. Error kInvalidMessage: a scope or
// room of a wrong form.
Result<ApiKey> MakeApiKey(NewApiKey wanted, int64_t now_s);
// The same, added to the file. Error: kInvalidMessage, kLimitExceeded, kInvalidConfiguration (the
// file).
Result<ApiKey> AddApiKey(const std::filesystem::path& file, NewApiKey wanted, int64_t now_s);
// Error: kNotFound, kInvalidConfiguration (the file).
Result<void> RemoveApiKey(const std::filesystem::path& file, std::string_view id);

}  // namespace confab::auth
