#include "app/parts/store_options.h"

#include <fmt/format.h>

#include <fstream>
#include <string>
#include <utility>

#include "app/serve/places.h"

namespace confab::app {
namespace {

constexpr size_t kMaxPasswordBytes = 512;
constexpr std::string_view kFileName = "confab.db";

Result<std::string> UrlOf(const Config& config) {
  if (IsStoreShared(config)) return config.store.url;
  const auto folder = ResolveDataDir(config.data_dir);
  if (!folder) return std::unexpected(folder.error());
  return fmt::format("sqlite:{}", (*folder / kFileName).string());
}

// The first line of a file that only its owner reads.
Result<std::string> PasswordOf(const Config::Store& config) {
  if (config.password_file.empty()) return std::string();
  std::ifstream file(config.password_file);
  std::string password;
  if (file && std::getline(file, password) && !password.empty() &&
      password.size() <= kMaxPasswordBytes) {
    return password;
  }
  return Fail(ErrorCode::kInvalidConfiguration,
              fmt::format("store.password_file = \"{}\" holds no password: write that of "
                          "PostgreSQL's user into it, one line of at most {} characters",
                          config.password_file, kMaxPasswordBytes));
}

}  // namespace

Result<store::StoreOptions> StoreOptionsOf(const Config& config) {
  auto url = UrlOf(config);
  if (!url) return std::unexpected(url.error());
  auto password = PasswordOf(config.store);
  if (!password) return std::unexpected(password.error());
  return store::StoreOptions{.url = std::move(*url), .password = std::move(*password)};
}

}  // namespace confab::app
