#include "auth/api_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "auth/base64url.h"
#include "auth/claim_reader.h"
#include "auth/errors.h"
#include "auth/limits.h"
#include "auth/private_file.h"
#include "auth/words.h"
#include "base/id.h"

namespace confab::auth {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxFileBytes = 1024 * 1024;
constexpr size_t kMaxIdBytes = 64;

bool IsApiKeyId(std::string_view text) {
  return text.starts_with(ApiKey::kIdPrefix) && text.size() > ApiKey::kIdPrefix.size() &&
         text.size() <= kMaxIdBytes && IsScope(text);
}

bool IsSecret(std::string_view text) {
  if (!text.starts_with(ApiKey::kSecretPrefix)) return false;
  text.remove_prefix(ApiKey::kSecretPrefix.size());
  return text.size() >= ApiKey::kMinSecretLetters && text.size() <= ApiKey::kMaxSecretLetters &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

Result<std::vector<std::string>> ReadScopes(const json::object& entry) {
  std::vector<std::string> scopes;
  const json::value* list = entry.if_contains("scopes");
  if (list == nullptr || !list->is_array() || list->get_array().size() > kMaxScopes) {
    return Unusable(fmt::format("\"scopes\" must be a list of at most {} texts", kMaxScopes));
  }
  for (const json::value& each : list->get_array()) {
    if (!each.is_string() || !IsScope(std::string_view(each.get_string()))) {
      return Unusable("a scope is made of a-z, 0-9, ':', '.', '_' and '-'");
    }
    scopes.emplace_back(each.get_string());
  }
  return scopes;
}

Result<ApiKey> ReadEntry(const json::value& value) {
  const json::object* entry = value.if_object();
  if (entry == nullptr) return Unusable("each key must be an object");
  ClaimReader reader(*entry);
  auto scopes = ReadScopes(*entry);
  if (!scopes) return std::unexpected(scopes.error());
  ApiKey key{.id = reader.Word("id", IsApiKeyId),
             .secret = reader.Word("secret", IsSecret),
             .scopes = std::move(*scopes),
             .room = reader.OptionalWord("room", IsRoomName),
             .created_at_s = reader.Time("createdAt").value_or(0)};
  // Not the reader's sentence: that speaks of a token.
  if (!reader.ok()) {
    return Unusable(
        "a key has an \"id\" (ck_…), a \"secret\" (cs_ and at least 43 letters), "
        "\"scopes\", and maybe \"room\" and \"createdAt\"");
  }
  return key;
}

json::object ToJson(const ApiKey& key) {
  return {{"id", key.id},
          {"secret", key.secret},
          {"scopes", json::array(key.scopes.begin(), key.scopes.end())},
          {"room", key.room},
          {"createdAt", key.created_at_s}};
}

Result<void> WriteApiKeys(const fs::path& file, const std::vector<ApiKey>& keys) {
  json::array list;
  for (const ApiKey& key : keys) list.push_back(ToJson(key));
  const json::object document = {{"keys", std::move(list)}};
  return WritePrivateFile(file, json::serialize(document) + '\n', Existing::kReplace);
}

// Two processes that change the file at the same moment wait for each other.
fs::path LockOf(const fs::path& file) {
  return fs::path(file) += ".lock";
}

}  // namespace

Result<void> CheckApiKey(const ApiKey& key) {
  const bool is_good =
      IsApiKeyId(key.id) && IsSecret(key.secret) && key.scopes.size() <= kMaxScopes &&
      std::ranges::all_of(key.scopes, IsScope) && (key.room.empty() || IsRoomName(key.room));
  if (is_good) return {};
  return Unusable(
      "a key has an id (ck_…), a secret (cs_ and at least 43 letters), scopes, and maybe a room");
}

Result<ApiKey> MakeApiKey(NewApiKey wanted, int64_t now_s) {
  if (wanted.scopes.size() > kMaxScopes || !std::ranges::all_of(wanted.scopes, IsScope)) {
    return Fail(ErrorCode::kInvalidMessage,
                fmt::format("At most {} scopes are allowed, each made of a-z, 0-9, ':', '.', '_' "
                            "and '-', such as rooms:read.",
                            kMaxScopes));
  }
  if (!wanted.room.empty() && !IsRoomName(wanted.room)) {
    return Fail(
        ErrorCode::kInvalidMessage,
        fmt::format("A room's name has 1 to {} of A-Z, a-z, 0-9, '_' and '-'.", kMaxRoomBytes));
  }
  SecureRandom random;
  std::array<uint8_t, 16> id;
  std::array<uint8_t, 32> secret;
  random.Fill(id);
  random.Fill(secret);
  return ApiKey{.id = fmt::format("{}{}", ApiKey::kIdPrefix, EncodeId(id)),
                .secret = fmt::format("{}{}", ApiKey::kSecretPrefix, ToBase64Url(secret)),
                .scopes = std::move(wanted.scopes),
                .room = std::move(wanted.room),
                .created_at_s = now_s};
}

bool ApiKey::Has(std::string_view scope) const {
  return std::ranges::find(scopes, scope) != scopes.end();
}

Result<std::vector<ApiKey>> ParseApiKeys(std::string_view text) {
  const auto document = ParseJsonObject(text);
  const json::value* list = document ? document->if_contains("keys") : nullptr;
  if (list == nullptr || !list->is_array()) {
    return Unusable("it must be a JSON object with a list \"keys\"");
  }
  if (list->get_array().size() > kMaxApiKeys) {
    return Unusable(fmt::format("there are more than {} keys", kMaxApiKeys));
  }
  std::vector<ApiKey> keys;
  for (const json::value& each : list->get_array()) {
    auto key = ReadEntry(each);
    if (!key) return std::unexpected(key.error());
    if (std::ranges::find(keys, key->id, &ApiKey::id) != keys.end()) {
      return Unusable(fmt::format("{} is there twice", key->id));
    }
    keys.push_back(std::move(*key));
  }
  return keys;
}

Result<std::vector<ApiKey>> ReadApiKeys(const fs::path& file) {
  const auto read = ReadSmallFile(file, kMaxFileBytes);
  if (!read && read.error().code == ErrorCode::kNotFound) return std::vector<ApiKey>();
  if (!read) return std::unexpected(read.error());
  if (read->exposure != Exposure::kNone) return RefuseExposed(file, "600");
  auto keys = ParseApiKeys(read->text);
  if (keys) return keys;
  return Unusable(fmt::format("{} cannot be used: {}.", file.string(), keys.error().message));
}

Result<ApiKey> AddApiKey(const fs::path& file, NewApiKey wanted, int64_t now_s) {
  auto key = MakeApiKey(std::move(wanted), now_s);
  if (!key) return key;
  const FileLock lock(LockOf(file));
  auto keys = ReadApiKeys(file);
  if (!keys) return std::unexpected(keys.error());
  if (keys->size() == kMaxApiKeys) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("There are {} API keys already, more are not allowed: remove one.",
                            kMaxApiKeys));
  }
  keys->push_back(*key);
  if (const auto written = WriteApiKeys(file, *keys); !written) {
    return std::unexpected(written.error());
  }
  return key;
}

Result<void> RemoveApiKey(const fs::path& file, std::string_view id) {
  const FileLock lock(LockOf(file));
  auto keys = ReadApiKeys(file);
  if (!keys) return std::unexpected(keys.error());
  if (std::erase_if(*keys, [id](const ApiKey& key) { return key.id == id; }) == 0) {
    return Fail(ErrorCode::kNotFound,
                fmt::format("There is no API key {}: `confab token key list` shows them.", id));
  }
  return WriteApiKeys(file, *keys);
}

}  // namespace confab::auth
