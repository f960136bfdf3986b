#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace confab::auth {

// Small files with secrets, which several processes read and write at the same time without harming
// each other: a reader sees a whole file or none.

// What others than the owner may do with a file, by its mode.
enum class Exposure : uint8_t { kNone, kRead, kWrite };
struct SmallFile {
  std::string text;
  Exposure exposure = Exposure::kNone;
};

// Error: kNotFound (no such file), kInvalidConfiguration (no regular file, longer than `max_bytes`,
// not readable), with the path.
Result<SmallFile> ReadSmallFile(const std::filesystem::path& path, size_t max_bytes);

// "others than its owner can read PATH: run `chmod 600 PATH`", as kInvalidConfiguration.
std::unexpected<Error> RefuseExposed(const std::filesystem::path& path, std::string_view chmod);

// Writes with mode 0600 to a temporary name in the same folder and onto the disk, then gives it its
// name. What is there already is replaced, or kept and reported as kDuplicateId. Error:
// kInvalidConfiguration, with the path and the system's reason.
enum class Existing : uint8_t { kReplace, kKeep };
Result<void> WritePrivateFile(const std::filesystem::path& path, std::string_view text,
                              Existing existing);

// Makes the folder with mode 0700 where it is missing. Error kInvalidConfiguration: it cannot be
// made, is no folder, or others can write to it.
Result<void> PreparePrivateFolder(const std::filesystem::path& folder);

// Holds an exclusive lock on a file of that name until it goes out of scope; waits for it. Where
// the file system has no locks, it holds nothing.
class FileLock {
 public:
  explicit FileLock(const std::filesystem::path& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_;
};

}  // namespace confab::auth
