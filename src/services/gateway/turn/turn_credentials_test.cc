#include "services/gateway/turn/turn_credentials.h"

#include <gtest/gtest.h>

namespace confab::gateway {
namespace {

TEST(TurnCredentials, AreTheHmacOfExpiryAndParticipant) {
  const TurnCredentials made = MakeTurnCredentials("north-wind", "p1", 1'700'000'300);
  EXPECT_EQ(made.username, "1700000300:p1");
  // printf '1700000300:p1' | openssl dgst -sha1 -hmac north-wind -binary | base64
  EXPECT_EQ(made.credential, "wUpBzoytRMcTW0nn2+258yh7Mns=");
}

TEST(TurnCredentials, DifferWithSecretExpiryAndParticipant) {
  const std::string base = MakeTurnCredentials("a", "p", 1).credential;
  EXPECT_NE(MakeTurnCredentials("b", "p", 1).credential, base);
  EXPECT_NE(MakeTurnCredentials("a", "q", 1).credential, base);
  EXPECT_NE(MakeTurnCredentials("a", "p", 2).credential, base);
}

}  // namespace
}  // namespace confab::gateway
