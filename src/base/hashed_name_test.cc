#include "base/hashed_name.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

// printf tea | sha256sum | cut -c1-32 | xxd -r -p | base32 | tr -d = | tr A-Z a-z
TEST(HashedName, IsTheBeginningOfTheSha256AsAnId) {
  EXPECT_EQ(HashedName("tea"), "vh3u2hwdn266wlnd63synaeqzu");
  EXPECT_NE(HashedName("tea"), HashedName("Tea"));
}

}  // namespace
}  // namespace confab
