#include "app/serve/places.h"

#include <fmt/format.h>

#include <cstdlib>
#include <system_error>

namespace confab::app {
namespace {

namespace fs = std::filesystem;

std::string EnvironmentValue(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value ? value : "";
}

fs::path DefaultDataDir() {
  if (const std::string xdg = EnvironmentValue("XDG_DATA_HOME"); !xdg.empty()) {
    return fs::path(xdg) / "confab";
  }
  const std::string home = EnvironmentValue("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".local/share/confab";
}

}  // namespace

Result<fs::path> ResolveDataDir(const std::string& configured) {
  fs::path path = configured.empty() ? DefaultDataDir() : fs::path(configured);
  if (path.empty()) {
    return Fail(ErrorCode::kInvalidConfiguration,
                "There is no home folder to keep data in: name one with --data-dir.");
  }
  std::error_code error;
  if (fs::create_directories(path, error)) {
    fs::permissions(path, fs::perms::owner_all, error);
  }
  if (error || !fs::is_directory(path, error)) {
    return Fail(ErrorCode::kInvalidConfiguration,
                fmt::format("The folder {} cannot be made ({}): name another with --data-dir.",
                            path.string(), error ? error.message() : "a file is in its place"));
  }
  return path;
}

Result<fs::path> ResolveWebDir(const std::string& configured) {
  std::error_code error;
  if (configured != "auto") {
    if (fs::is_directory(configured, error)) return fs::path(configured);
    return Fail(ErrorCode::kInvalidConfiguration,
                fmt::format("gateway.web_dir = \"{}\" is no folder: build the pages with ./dev "
                            "build, or give the folder that holds them.",
                            configured));
  }
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  for (const fs::path& place :
       {program.parent_path() / "../share/confab/web", fs::path("web/out")}) {
    if (fs::is_regular_file(place / "index.html", error)) return place;
  }
  return fs::path();
}

}  // namespace confab::app
