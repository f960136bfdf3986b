#include "app/rtp/new_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "net/file_descriptor.h"

namespace confab::app {
namespace {

std::unexpected<Error> CannotBeWritten(const std::string& path, int error) {
  return Fail(ErrorCode::kUnavailable, fmt::format("{} cannot be written: {}", path,
                                                   std::generic_category().message(error)));
}

}  // namespace

Result<void> WriteNewFile(const std::string& path, std::string_view text) {
  constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
  const net::FileDescriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
  if (file.value() < 0 && errno == EEXIST) {
    return Fail(ErrorCode::kUnavailable, fmt::format("{} exists already", path));
  }
  if (file.value() < 0) return CannotBeWritten(path, errno);
  while (!text.empty()) {
    const ssize_t written = write(file.value(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const auto failed = CannotBeWritten(path, errno);
      unlink(path.c_str());
      return failed;
    }
    text.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

}  // namespace confab::app
