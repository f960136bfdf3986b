#include "auth/key_store.h"

#include <algorithm>
#include <utility>

#include "auth/private_file.h"

namespace confab::auth {

KeyStore::KeyStore(std::filesystem::path folder, std::filesystem::path api_keys_file,
                   TimeDelta rotation)
    : folder_path_(folder),
      folder_(std::move(folder)),
      api_keys_file_(std::move(api_keys_file)),
      rotation_(rotation) {}

Result<void> KeyStore::Open(int64_t now_s) {
  if (auto prepared = PreparePrivateFolder(folder_path_); !prepared) return prepared;
  if (auto read = Read(); !read) return read;
  if (!ring_.empty()) return {};
  // Nobody knows an older one, so nobody has to be waited for.
  if (auto made = folder_.Make(last_number_ + 1, now_s); !made) return made;
  return ReadRing();
}

Result<void> KeyStore::Refresh(int64_t now_s) {
  Result<void> problem = Read();
  Result<void> made = MakeIfDue(now_s);
  if (problem && !made) problem = std::move(made);
  RemoveWhatIsOver(now_s);
  return problem;
}

Result<void> KeyStore::Read() {
  Result<void> ring = ReadRing();
  Result<void> api = ReadApi();
  return ring ? api : ring;
}

Result<void> KeyStore::ReadRing() {
  KeyFolder::Contents contents = folder_.Read();
  last_number_ = contents.last_number;
  if (!contents.problem) {
    // What cannot be read now may be what we have read before.
    for (OwnKey& key : std::exchange(ring_, KeyRing()).TakeKeys()) {
      contents.keys.push_back(std::move(key));
    }
  }
  ring_ = KeyRing(std::move(contents.keys));
  return contents.problem;
}

Result<void> KeyStore::ReadApi() {
  if (api_keys_file_.empty()) return {};
  auto keys = ReadApiKeys(api_keys_file_);
  if (!keys) return std::unexpected(keys.error());
  api_keys_.clear();
  for (ApiKey& key : *keys) {
    auto usable = SignatureKey::FromSecret(AsBytes(key.secret));
    if (!usable) return std::unexpected(usable.error());
    api_keys_.push_back({.key = std::move(key), .signature_key = std::move(*usable)});
  }
  return {};
}

Result<void> KeyStore::MakeIfDue(int64_t now_s) {
  // Public keys alone: whoever has the private ones makes the next.
  if (!ring_.empty() && ring_.SigningKey(now_s) == nullptr) return {};
  const auto signs_from = ring_.empty() ? std::optional(now_s) : ring_.NextIsDue(now_s, rotation_);
  if (!signs_from) return {};
  if (auto made = folder_.Make(last_number_ + 1, *signs_from); !made) return made;
  return ReadRing();
}

void KeyStore::RemoveWhatIsOver(int64_t now_s) {
  std::vector<std::string> over;
  for (const OwnKey* key : ring_.Over(now_s)) {
    folder_.Remove(*key);
    over.push_back(key->id);
  }
  for (const std::string& id : over) ring_.Remove(id);
}

void KeyStore::ExpectSharedApiKeys() {
  if (!shared_good_until_s_) shared_good_until_s_ = 0;
}

void KeyStore::SetSharedApiKeys(std::vector<ApiKey> keys, int64_t good_until_s) {
  shared_api_keys_.clear();
  for (ApiKey& key : keys) {
    auto usable = SignatureKey::FromSecret(AsBytes(key.secret));
    if (!usable) continue;
    shared_api_keys_.push_back({.key = std::move(key), .signature_key = std::move(*usable)});
  }
  shared_good_until_s_ = good_until_s;
}

KeyStore::Found KeyStore::FindOrLook(std::string_view id, int64_t now_s) {
  Found found = Find(id, now_s);
  if (found.key != nullptr || now_s == looked_at_s_) return found;
  looked_at_s_ = now_s;
  // What cannot be read is Refresh's to tell.
  (void)Read();
  return Find(id, now_s);
}

KeyStore::Found KeyStore::Find(std::string_view id, int64_t now_s) const {
  if (const OwnKey* own = ring_.Find(id)) return {.key = &own->key};
  const auto find = [id](const std::vector<UsableApiKey>& keys) {
    const auto found = std::ranges::find(
        keys, id, [](const UsableApiKey& each) { return std::string_view(each.key.id); });
    if (found == keys.end()) return Found();
    return Found{.key = &found->signature_key, .api_key = &found->key};
  };
  if (const Found in_file = find(api_keys_); in_file.key != nullptr) return in_file;
  if (!shared_good_until_s_ || !id.starts_with(ApiKey::kIdPrefix)) return {};
  if (now_s >= *shared_good_until_s_) return {.is_doubtful = true};
  return find(shared_api_keys_);
}

}  // namespace confab::auth
