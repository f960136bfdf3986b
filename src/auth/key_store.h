#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "auth/api_keys.h"
#include "auth/key_folder.h"
#include "auth/key_ring.h"
#include "base/error.h"

namespace confab::auth {

// Everything by which an Authority's tokens may be signed, as the files last said it: own keys,
// which it also makes and removes when their time has come, and API keys. Lives on its Authority's
// thread.
class KeyStore {
 public:
  // One of the two, or neither. Valid until the next call of Refresh or FindOrLook.
  struct Found {
    const SignatureKey* key = nullptr;
    const ApiKey* api_key = nullptr;  // set where the key is one
    // It is an API key's id, and not known at the moment whether there is such a key.
    bool is_doubtful = false;
  };

  KeyStore(std::filesystem::path folder, std::filesystem::path api_keys_file, TimeDelta rotation);

  // Reads everything and makes the first key where there is none. Error kInvalidConfiguration.
  Result<void> Open(int64_t now_s);
  // Authority::Refresh.
  Result<void> Refresh(int64_t now_s);

  // The key of that id. One that is not known is looked for in the files, at most once a second.
  Found FindOrLook(std::string_view id, int64_t now_s);
  // Authority's of the same names.
  void ExpectSharedApiKeys();
  void SetSharedApiKeys(std::vector<ApiKey> keys, int64_t good_until_s);
  const KeyRing& ring() const { return ring_; }

 private:
  struct UsableApiKey {
    ApiKey key;
    SignatureKey signature_key;
  };

  Result<void> Read();
  Result<void> ReadRing();
  Result<void> ReadApi();
  Result<void> MakeIfDue(int64_t now_s);
  void RemoveWhatIsOver(int64_t now_s);
  Found Find(std::string_view id, int64_t now_s) const;

  std::filesystem::path folder_path_;
  KeyFolder folder_;
  std::filesystem::path api_keys_file_;
  TimeDelta rotation_;
  KeyRing ring_;
  uint64_t last_number_ = 0;  // KeyFolder::Contents, as the ring was read
  std::vector<UsableApiKey> api_keys_;
  std::vector<UsableApiKey> shared_api_keys_;
  std::optional<int64_t> shared_good_until_s_;  // nothing: there are none
  int64_t looked_at_s_ = 0;
};

}  // namespace confab::auth
