#include "app/sim/sim_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace confab::app {
namespace {

struct Outcome {
  int status;
  std::string out;
  std::string err;
};

Outcome RunSim(const SimRuns& runs) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int status = SimCommand(runs);
  return {.status = status,
          .out = testing::internal::GetCapturedStdout(),
          .err = testing::internal::GetCapturedStderr()};
}

TEST(SimCommand, SaysWhatManyRunsWere) {
  const Outcome outcome = RunSim({.scenario = "calm", .seeds = 2, .seconds = 3u});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, testing::ContainsRegex("2 seeds, 6 joins, [1-9][0-9]* video and "
                                                  "[1-9][0-9]* audio frames complete; 6 simul"));
}

// Shorter than the command line allows: everyone leaves before anyone has come.
TEST(SimCommand, FailsWhereNothingHappened) {
  const Outcome outcome = RunSim({.scenario = "calm", .seconds = 0u});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, testing::HasSubstr("no frame was complete"));
}

TEST(SimCommand, FailsWhereItsReportsCannotBeWritten) {
  SimRuns runs{.scenario = "calm", .seconds = 3u, .json = "/dev/full"};
  const Outcome outcome = RunSim(runs);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err, "confab sim: /dev/full cannot be written\n");

  runs.json = testing::TempDir() + "confab_sim_command_test.jsonl";
  EXPECT_EQ(RunSim(runs).status, 0);
  EXPECT_GT(std::filesystem::file_size(runs.json), 100u);
  std::filesystem::remove(runs.json);
}

}  // namespace
}  // namespace confab::app
