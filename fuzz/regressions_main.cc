// fuzz_regressions: every target over every input that is kept for it, as GoogleTest cases named
// TARGET.FILE. An input that crashes ends the program: the last RUN line names it.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/fuzz_target.h"

namespace confab::fuzz {
namespace {

namespace fs = std::filesystem;

// Relative to the root of the repository: where ./dev runs it.
constexpr std::array kFolders = {"fuzz/corpus", "fuzz/regressions"};

std::vector<fs::path> FilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

// In a block of its own exact size, so that AddressSanitizer sees a read past the end.
std::vector<uint8_t> Read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  return {bytes.begin(), bytes.end()};
}

class RunsInput : public testing::Test {
 public:
  RunsInput(TargetFunction run, fs::path path) : run_(run), path_(std::move(path)) {}
  void TestBody() override {
    const std::vector<uint8_t> bytes = Read(path_);
    run_(bytes);
  }

 private:
  TargetFunction run_;
  fs::path path_;
};

class HasSeeds : public testing::Test {
 public:
  explicit HasSeeds(std::string name) : name_(std::move(name)) {}
  void TestBody() override {
    EXPECT_FALSE(FilesIn(fs::path("fuzz/corpus") / name_).empty())
        << "there are no seeds in fuzz/corpus/" << name_;
  }

 private:
  std::string name_;
};

class BelongsToATarget : public testing::Test {
 public:
  explicit BelongsToATarget(fs::path folder) : folder_(std::move(folder)) {}
  void TestBody() override {
    const std::string name = folder_.filename();
    EXPECT_TRUE(std::ranges::any_of(Targets(), [&](const Target& t) { return t.name == name; }))
        << folder_ << " belongs to no target";
  }

 private:
  fs::path folder_;
};

template <typename Test, typename... Arguments>
void Register(const std::string& suite, const std::string& name, Arguments... arguments) {
  testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                        [arguments...]() -> testing::Test* { return new Test(arguments...); });
}

void RegisterAll() {
  for (const Target& target : Targets()) {
    const std::string name(target.name);
    Register<HasSeeds>(name, "HasSeeds", name);
    for (const char* folder : kFolders) {
      for (const fs::path& path : FilesIn(fs::path(folder) / name)) {
        Register<RunsInput>(name, path.filename(), target.run, path);
      }
    }
  }
  for (const char* folder : kFolders) {
    for (const fs::path& path : FilesIn(folder)) {
      Register<BelongsToATarget>("Folders", path, path);
    }
  }
}

}  // namespace
}  // namespace confab::fuzz

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  confab::fuzz::RegisterAll();
  return RUN_ALL_TESTS();
}
