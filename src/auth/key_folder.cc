#include "auth/key_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <system_error>

#include "auth/claim_reader.h"
#include "auth/jwk.h"
#include "auth/private_file.h"

namespace confab::auth {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".jwk";
constexpr std::string_view kPrefix = "key-";

std::unexpected<Error> UnusableFile(const fs::path& file, std::string_view why) {
  return Fail(
      ErrorCode::kInvalidConfiguration,
      fmt::format("{} is no key that can be used: {}. Move it elsewhere.", file.string(), why));
}

Result<std::vector<fs::path>> KeyFiles(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == kSuffix) files.push_back(at->path());
  }
  if (error) {
    return Fail(ErrorCode::kInvalidConfiguration, fmt::format("The folder {} cannot be read ({}).",
                                                              folder.string(), error.message()));
  }
  std::ranges::sort(files);
  return files;
}

// N of key-N.jwk; 0 for other names.
uint64_t NumberOfFile(const fs::path& file) {
  const std::string name = file.stem().string();
  uint64_t number = 0;
  if (!name.starts_with(kPrefix)) return 0;
  const auto [end, error] =
      std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? number : 0;
}

Result<OwnKey> ReadKey(const fs::path& file) {
  const auto read = ReadSmallFile(file, KeyFolder::kMaxFileBytes);
  if (!read) return std::unexpected(read.error());
  const auto jwk = ParseJsonObject(read->text);
  if (!jwk) return UnusableFile(file, "it holds no JSON object");
  // Whoever can change a public key can sign as well.
  const Exposure allowed = jwk->contains("d") ? Exposure::kNone : Exposure::kRead;
  if (read->exposure > allowed) return RefuseExposed(file, "600");
  auto key = KeyFromJwk(*jwk);
  if (!key) return UnusableFile(file, key.error().message);
  if (key->algorithm() != Algorithm::kEs256) {
    return UnusableFile(file, "own keys are for ES256 only");
  }
  ClaimReader reader(*jwk);
  const int64_t signs_from_s = reader.Time("nbf").value_or(0);
  if (!reader.ok()) return UnusableFile(file, "its \"nbf\" is no time in seconds since 1970");
  std::string id = KeyIdOf(*key);
  return OwnKey{
      .id = std::move(id), .key = std::move(*key), .signs_from_s = signs_from_s, .file = file};
}

}  // namespace

KeyFolder::Contents KeyFolder::Read() const {
  Contents contents;
  auto files = KeyFiles(path_);
  if (!files) {
    contents.problem = std::unexpected(files.error());
    return contents;
  }
  for (const fs::path& file : *files) {
    contents.last_number = std::max(contents.last_number, NumberOfFile(file));
  }
  if (files->size() > kMaxKeys) {
    contents.problem = Fail(
        ErrorCode::kInvalidConfiguration,
        fmt::format("{} holds more than {} keys: move the oldest away.", path_.string(), kMaxKeys));
    // The newest by their names.
    files->erase(files->begin(), files->end() - kMaxKeys);
  }
  for (const fs::path& file : *files) {
    auto key = ReadKey(file);
    if (key) {
      contents.keys.push_back(std::move(*key));
    } else if (key.error().code != ErrorCode::kNotFound && contents.problem) {
      contents.problem = std::unexpected(key.error());
    }
  }
  return contents;
}

Result<void> KeyFolder::Make(uint64_t number, int64_t signs_from_s) const {
  const auto key = SignatureKey::MakeEc();
  if (!key) return std::unexpected(key.error());
  json::object jwk = JwkOf(*key, Part::kPrivate);
  jwk["nbf"] = signs_from_s;
  const fs::path file = path_ / fmt::format("{}{:06}{}", kPrefix, number, kSuffix);
  const auto written = WritePrivateFile(file, json::serialize(jwk) + '\n', Existing::kKeep);
  const bool done = written || written.error().code == ErrorCode::kDuplicateId;
  return done ? Result<void>() : written;
}

void KeyFolder::Remove(const OwnKey& key) const {
  std::error_code ignored;
  fs::remove(key.file, ignored);
}

}  // namespace confab::auth
