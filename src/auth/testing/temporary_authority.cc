#include "auth/testing/temporary_authority.h"

#include <utility>

#include "auth/unix_time.h"
#include "base/check.h"
#include "base/id.h"
#include "base/random.h"

namespace confab::auth {
namespace {

struct FolderTag;

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
