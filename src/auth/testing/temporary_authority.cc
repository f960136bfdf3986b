#include "auth/testing/temporary_authority.h"

#include <utility>

#include "base/check.h"
#include "base/id.h"
#include "base/random.h"

namespace confab::auth {
namespace {

struct FolderTag;

int64_t UnixSeconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

TemporaryAuthority::TemporaryAuthority() : TemporaryAuthority(UnixSeconds()) {}

TemporaryAuthority::TemporaryAuthority(int64_t now_s) {
  SecureRandom random;
  folder_ = std::filesystem::temp_directory_path() /
            ("confab-keys-" + Id<FolderTag>::Random(random).ToString());
  auto opened = Authority::Open({.folder = folder_}, now_s);
  CHECK(opened.has_value());
  authority_ = std::move(*opened);
}

TemporaryAuthority::~TemporaryAuthority() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace confab::auth
