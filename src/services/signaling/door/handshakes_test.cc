#include "services/signaling/door/handshakes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "auth/testing/temporary_authority.h"
#include "base/hashed_name.h"
#include "base/testing/error_of.h"
#include "observe/log_writer.h"

namespace confab::signaling {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Timestamp kNow = Timestamp::Millis(1000);

class HandshakesTest : public testing::Test {
 protected:
  HandshakesTest() {
    observe::LogWriterOptions options;
    options.output = [this](std::string_view lines) { out_ += lines; };
    writer_ = std::make_unique<observe::LogWriter>(std::move(options));
    handshakes_.emplace(door_, observe::Logger(*writer_, "signaling", "s1"));
  }
  ErrorCode Refused(const json::object& auth, Timestamp now = kNow) {
    return ErrorOf(handshakes_->Check(auth, now)).code;
  }
  std::string JoinToken() { return *keys_->SignJoin({.token_id = "t1", .room = "lake"}, now_s_); }
  // Since it was asked for last.
  std::string Lines() {
    writer_->Flush();
    return std::exchange(out_, "");
  }

  int64_t now_s_ = 1'700'000'000;
  auth::TemporaryAuthority keys_{now_s_};
  LocalTokenUses uses_{[this] { return now_s_; }};
  Door door_{keys_.authority(), uses_, TimeDelta::Seconds(30), [this] { return now_s_; }};
  std::string out_;
  std::unique_ptr<observe::LogWriter> writer_;
  std::optional<Handshakes> handshakes_;
};

TEST_F(HandshakesTest, LetsInWithoutALine) {
  const auto pass = handshakes_->Check({{"token", JoinToken()}}, kNow);
  ASSERT_TRUE(pass) << pass.error().message;
  EXPECT_EQ(pass->room, "lake");
  EXPECT_EQ(Lines(), "");
}

TEST_F(HandshakesTest, WritesDownWhichRoomAnExpiredTokenWasFor) {
  const std::string token = JoinToken();
  now_s_ += 3600;
  EXPECT_EQ(Refused({{"token", token}}), ErrorCode::kUnauthorized);
  const std::string line = Lines();
  EXPECT_THAT(line, HasSubstr(R"("level":"warning")"));
  EXPECT_THAT(line, HasSubstr(R"("event":"connection.refused","room":")" + HashedName("lake") +
                              R"(","code":"unauthorized","message":"The token has expired)"));
  EXPECT_THAT(line, HasSubstr(R"("reason":"expired")"));
  EXPECT_THAT(line, Not(HasSubstr("lake")));
  EXPECT_THAT(line, Not(HasSubstr(token.substr(0, 20))));
}

TEST_F(HandshakesTest, SaysNothingOfARoomWhereTheTokenIsForged) {
  std::string token = JoinToken();
  token[token.size() - 5] = token[token.size() - 5] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Refused({{"token", token}}), ErrorCode::kUnauthorized);
  const std::string line = Lines();
  EXPECT_THAT(line, HasSubstr(R"("reason":"invalid")"));
  EXPECT_THAT(line, Not(HasSubstr("\"room\"")));
}

TEST_F(HandshakesTest, SaysThatThereWasNoToken) {
  for (const json::object& auth : {json::object(), json::object({{"token", 7}})}) {
    EXPECT_EQ(Refused(auth), ErrorCode::kUnauthorized);
    EXPECT_THAT(Lines(), HasSubstr(R"("reason":"none")"));
  }
}

TEST_F(HandshakesTest, SaysThatTheProtocolIsAnother) {
  const json::object future{{"token", JoinToken()}, {"protocol", {{"min", 2}, {"max", 3}}}};
  EXPECT_EQ(Refused(future), ErrorCode::kUnsupportedProtocol);
  EXPECT_THAT(Lines(), HasSubstr(R"("reason":"protocol")"));
  EXPECT_EQ(Refused({{"token", JoinToken()}, {"protocol", "1"}}), ErrorCode::kInvalidMessage);
  EXPECT_THAT(Lines(), HasSubstr(R"("reason":"protocol")"));
}

TEST_F(HandshakesTest, GivesNoReasonWhereNobodyKnows) {
  Prng random(3);
  const std::string token = door_.ResumeToken("lake", ParticipantId::Random(random));
  keys_->ExpectRevocations();
  EXPECT_EQ(Refused({{"token", token}}), ErrorCode::kUnavailable);
  EXPECT_THAT(Lines(), Not(HasSubstr("\"reason\"")));
}

TEST_F(HandshakesTest, WritesSomeLinesOfAFloodAndHowManyItLeftOut) {
  constexpr int kMore = 25;
  for (int i = 0; i < Handshakes::kLineBurst + kMore; ++i) Refused({});
  const std::string lines = Lines();
  EXPECT_EQ(std::ranges::count(lines, '\n'), Handshakes::kLineBurst);
  EXPECT_THAT(lines, Not(HasSubstr("left_out")));
  Refused({}, kNow + TimeDelta::Seconds(1));
  EXPECT_THAT(Lines(), HasSubstr(R"("left_out":25)"));
  Refused({}, kNow + TimeDelta::Seconds(1));
  EXPECT_THAT(Lines(), Not(HasSubstr("left_out")));
}

}  // namespace
}  // namespace confab::signaling
