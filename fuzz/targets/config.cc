// The configuration: any file, and an environment whose values are the file's lines.

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "app/config/config_load.h"
#include "app/config/config_text.h"
#include "base/check.h"
#include "fuzz/fuzz_target.h"

namespace confab::app {
namespace {

// A file in memory that is written anew for each input.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("config", 0)) { CHECK(descriptor_ >= 0); }
  std::string Path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }
  void Write(std::string_view text) const {
    CHECK(ftruncate(descriptor_, 0) == 0);
    CHECK(pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  }

 private:
  int descriptor_;
};

const MemoryFile& File() {
  static const MemoryFile file;
  return file;
}

LoadedConfig Load(std::string_view text) {
  File().Write(text);
  return LoadConfig({.file = File().Path(), .environment = {}, .flags = {}});
}

// Each line is the text of another key.
void LoadEnvironment(std::string_view text) {
  ConfigSources sources;
  for (const ConfigKey& key : ConfigKeys()) {
    const size_t end = text.find('\n');
    sources.environment.emplace_back(key.environment_name(), text.substr(0, end));
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
  }
  for (const ConfigProblem& problem : LoadConfig(sources).problems) CHECK(!problem.fix.empty());
}

}  // namespace

CONFAB_FUZZ_TARGET(config) {
  const std::string_view text = AsText(input);
  LoadEnvironment(text);
  (void)NearestConfigKey(text.substr(0, 64));
  const LoadedConfig loaded = Load(text);
  for (const ConfigProblem& problem : loaded.problems) {
    CHECK(!problem.fix.empty() && !problem.ToString().empty());
  }
  // Whatever was taken can be written as a file that says the same.
  const std::string written = ConfigAsToml(loaded.config);
  const LoadedConfig again = Load(written);
  CHECK(ConfigAsToml(again.config) == written);
  if (loaded.problems.empty()) CHECK(again.problems.empty());
}

}  // namespace confab::app
