#include "app/process/log_options.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace confab::app {
namespace {

namespace fs = std::filesystem;

TEST(LogOptions, HaveNoFolderButInServe) {
  Config config;
  config.data_dir = (fs::temp_directory_path() / "log_options_test").string();
  for (const char* role : {"gateway", "signaling", "media", "relay"}) {
    EXPECT_EQ(LogFolderOf(config, role), "") << role;
    EXPECT_FALSE(LogOptionsOf(config, role, "i1").folder) << role;
  }
  EXPECT_EQ(LogFolderOf(config, "serve"), config.data_dir + "/logs");
  config.log.folder = "off";
  EXPECT_EQ(LogFolderOf(config, "serve"), "");
  fs::remove_all(config.data_dir);
}

TEST(LogOptions, LetTheLogViewerOnlyRead) {
  Config config;
  config.log.folder = "/var/log/confab";
  EXPECT_EQ(LogFolderOf(config, kLogsRole), "/var/log/confab");
  EXPECT_FALSE(LogOptionsOf(config, kLogsRole, "i1").folder);
}

TEST(LogOptions, TellRoleInstanceAndLimits) {
  Config config;
  config.log.folder = "/var/log/confab";
  config.log.file_megabytes = 2;
  config.log.keep_days = 3;
  const auto options = LogOptionsOf(config, "media", "i1");
  ASSERT_TRUE(options.folder);
  EXPECT_EQ(options.folder->folder, "/var/log/confab");
  EXPECT_EQ(options.folder->role, "media");
  EXPECT_EQ(options.folder->instance, "i1");
  EXPECT_EQ(options.folder->file_octets, 2u * 1024 * 1024);
  EXPECT_EQ(options.folder->keep_age, TimeDelta::Seconds(3 * 24 * 3600));
  EXPECT_EQ(options.folder->heritage, observe::Heritage::kEnded);
  config.instance.id = "i1";
  EXPECT_EQ(LogOptionsOf(config, "media", "i1").folder->heritage, observe::Heritage::kOwn);
}

}  // namespace
}  // namespace confab::app
