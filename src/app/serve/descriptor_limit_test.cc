#include "app/serve/descriptor_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace confab::app {
namespace {

TEST(DescriptorLimit, IsRaisedToWhatTheSystemAllows) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 256;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  const size_t raised = RaiseDescriptorLimit();
  rlimit now{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &now), 0);
  EXPECT_GT(raised, 256u);
  EXPECT_EQ(now.rlim_cur, raised);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(DescriptorLimit, LeavesSomethingForAllThatAreNoConnections) {
  for (const size_t descriptors : {size_t{0}, size_t{64}, size_t{1024}, size_t{20'000}}) {
    EXPECT_LE(MaxConnections(descriptors) * 3, descriptors - descriptors / 20);
  }
  EXPECT_EQ(MaxConnections(1024), 256u);
  EXPECT_EQ(MaxConnections(1'048'576), 10'000u);
}

TEST(DescriptorLimit, IsToldWhereItIsLow) {
  EXPECT_EQ(DescriptorWarning(1'048'576), "");
  EXPECT_NE(DescriptorWarning(1024).find("256 connections"), std::string::npos);
}

}  // namespace
}  // namespace confab::app
