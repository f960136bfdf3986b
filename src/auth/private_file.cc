#include "auth/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "auth/base64url.h"
#include "base/random.h"
#include "net/file_descriptor.h"

namespace confab::auth {
namespace {

namespace fs = std::filesystem;
using net::FileDescriptor;

std::unexpected<Error> Failed(std::string_view what, const fs::path& path, std::string_view why) {
  return Fail(ErrorCode::kInvalidConfiguration,
              fmt::format("{} {} ({}).", path.string(), what, why));
}
std::unexpected<Error> FailedByErrno(std::string_view what, const fs::path& path) {
  return Failed(what, path, std::generic_category().message(errno));
}

Exposure ExposureOf(mode_t mode) {
  if ((mode & (S_IWGRP | S_IWOTH)) != 0) return Exposure::kWrite;
  return (mode & (S_IRGRP | S_IROTH)) != 0 ? Exposure::kRead : Exposure::kNone;
}

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

fs::path TemporaryName(const fs::path& path) {
  std::array<uint8_t, 12> random;
  SecureRandom().Fill(random);
  return path.parent_path() / fmt::format(".new-{}", ToBase64Url(random));
}

// The written file under its temporary name, as `path`.
Result<void> GiveName(const fs::path& temporary, const fs::path& path, Existing existing) {
  if (existing == Existing::kReplace) {
    if (rename(temporary.c_str(), path.c_str()) == 0) return {};
  } else if (link(temporary.c_str(), path.c_str()) == 0) {
    // Unlike a rename, link never replaces.
    unlink(temporary.c_str());
    return {};
  }
  const auto failed = errno == EEXIST ? Fail(ErrorCode::kDuplicateId, path.string() + " exists.")
                                      : FailedByErrno("cannot be written", path);
  unlink(temporary.c_str());
  return failed;
}

}  // namespace

Result<SmallFile> ReadSmallFile(const fs::path& path, size_t max_bytes) {
  // Not to wait for the other end of a pipe.
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.value() < 0 && errno == ENOENT) {
    return Fail(ErrorCode::kNotFound, path.string() + " does not exist.");
  }
  struct stat status{};
  if (file.value() < 0 || fstat(file.value(), &status) != 0) {
    return FailedByErrno("cannot be read", path);
  }
  if (!S_ISREG(status.st_mode)) return Failed("cannot be read", path, "it is no regular file");
  SmallFile result{.text = std::string(max_bytes + 1, '\0'),
                   .exposure = ExposureOf(status.st_mode)};
  size_t size = 0;
  while (size < result.text.size()) {
    const ssize_t got = read(file.value(), result.text.data() + size, result.text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailedByErrno("cannot be read", path);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > max_bytes) {
    return Failed("cannot be read", path, fmt::format("it has more than {} octets", max_bytes));
  }
  result.text.resize(size);
  return result;
}

std::unexpected<Error> RefuseExposed(const fs::path& path, std::string_view chmod) {
  return Fail(ErrorCode::kInvalidConfiguration,
              fmt::format("Others than its owner can get at {}, which holds keys: run `chmod {} {}`"
                          ", and replace the keys if somebody may have seen them.",
                          path.string(), chmod, path.string()));
}

Result<void> WritePrivateFile(const fs::path& path, std::string_view text, Existing existing) {
  const fs::path temporary = TemporaryName(path);
  constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
  const FileDescriptor file(
      open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
  if (file.value() < 0) return FailedByErrno("cannot be written", path);
  // On the disk before it has its name: a power cut must not leave an empty key.
  if (!WriteAll(file.value(), text) || fsync(file.value()) != 0) {
    const auto failed = FailedByErrno("cannot be written", path);
    unlink(temporary.c_str());
    return failed;
  }
  return GiveName(temporary, path, existing);
}

Result<void> PreparePrivateFolder(const fs::path& folder) {
  std::error_code error;
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), error);
  if (mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return FailedByErrno("cannot be made", folder);
  }
  struct stat status{};
  if (stat(folder.c_str(), &status) != 0) return FailedByErrno("cannot be read", folder);
  if (!S_ISDIR(status.st_mode)) return Failed("cannot be used", folder, "it is no folder");
  // Who can add a public key can sign.
  if (ExposureOf(status.st_mode) == Exposure::kWrite) return RefuseExposed(folder, "700");
  return {};
}

FileLock::FileLock(const fs::path& path)
    : fd_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)) {
  while (fd_ >= 0 && flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace confab::auth
