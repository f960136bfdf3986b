#include "services/signaling/door/door.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <optional>

#include "auth/testing/temporary_authority.h"
#include "base/random.h"
#include "base/testing/error_of.h"

namespace confab::signaling {
namespace {

class DoorTest : public testing::Test {
 protected:
  std::string JoinToken(const std::string& id) {
    return *keys_->SignJoin({.token_id = id, .room = "lake"}, now_s_);
  }

  Result<TokenUse> Use(const Pass& pass) {
    std::optional<Result<TokenUse>> used;
    asio::co_spawn(io_, door_.Use(*pass.join),
                   [&](std::exception_ptr, Result<TokenUse> result) { used = std::move(result); });
    io_.restart();
    io_.run();
    return std::move(*used);
  }

  asio::io_context io_{1};
  int64_t now_s_ = 1'700'000'000;
  auth::TemporaryAuthority keys_{now_s_};
  LocalTokenUses uses_{[this] { return now_s_; }};
  Door door_{keys_.authority(), uses_, TimeDelta::Seconds(30), [this] { return now_s_; }};
};

TEST_F(DoorTest, ReadsWhatAJoinTokenAllows) {
  const auto pass = door_.Look(JoinToken("t1"));
  ASSERT_TRUE(pass) << pass.error().message;
  EXPECT_EQ(pass->room, "lake");
  ASSERT_TRUE(pass->join);
  EXPECT_EQ(pass->join->token_id, "t1");
  EXPECT_FALSE(pass->participant);
}

TEST_F(DoorTest, ReadsWhoComesBack) {
  Prng random(3);
  const ParticipantId id = ParticipantId::Random(random);
  const auto pass = door_.Look(door_.ResumeToken("lake", id));
  ASSERT_TRUE(pass) << pass.error().message;
  EXPECT_EQ(pass->participant, id);
  EXPECT_FALSE(pass->join);
}

TEST_F(DoorTest, SaysThatATokenIsMissing) {
  EXPECT_EQ(ErrorOf(door_.Look("")).code, ErrorCode::kUnauthorized);
  EXPECT_NE(ErrorOf(door_.Look("")).message.find("missing"), std::string::npos);
}

TEST_F(DoorTest, AJoinTokenIsNoResumeToken) {
  EXPECT_EQ(ErrorOf(door_.LookResume(JoinToken("t1"))).code, ErrorCode::kUnauthorized);
}

TEST_F(DoorTest, AResumeTokenForNoParticipantIsNone) {
  const std::string token = *keys_->SignResume({.room = "lake", .participant = "somebody"}, now_s_);
  EXPECT_EQ(ErrorOf(door_.LookResume(token)).code, ErrorCode::kUnauthorized);
}

TEST_F(DoorTest, LetsATokenInOnce) {
  const auto pass = door_.Look(JoinToken("t1"));
  EXPECT_TRUE(Use(*pass));
  EXPECT_EQ(ErrorOf(Use(*pass)).code, ErrorCode::kUnauthorized);
  const auto other = door_.Look(JoinToken("t2"));
  EXPECT_TRUE(Use(*other));
}

TEST_F(DoorTest, LetsATokenInAgainWhoseJoinFailed) {
  const auto pass = door_.Look(JoinToken("t1"));
  auto used = Use(*pass);
  ASSERT_TRUE(used);
  door_.Release(std::move(*used));
  EXPECT_TRUE(Use(*pass));
}

TEST_F(DoorTest, RemembersAUseForAsLongAsTheTokenCouldBeShownAgain) {
  const auto pass = door_.Look(JoinToken("t1"));
  ASSERT_TRUE(Use(*pass));
  now_s_ += 600 + 29;
  EXPECT_EQ(Use(*pass).error().code, ErrorCode::kUnauthorized);
}

TEST_F(DoorTest, LetsNobodyInOnceTheTokenThatItLookedAtHasExpired) {
  const std::string token = JoinToken("t1");
  const auto pass = door_.Look(token);
  ASSERT_TRUE(Use(*pass));
  const auto unused = door_.Look(JoinToken("t2"));
  now_s_ += 600 + 30;
  for (const Pass& each : {*pass, *unused}) {
    const Error error = ErrorOf(Use(each));
    EXPECT_EQ(error.code, ErrorCode::kUnauthorized);
    EXPECT_EQ(error.message, ErrorOf(door_.Look(token)).message);
    EXPECT_TRUE(door_.IsOver(*each.join));
  }
}

TEST_F(DoorTest, RefusesWhatHasExpired) {
  const std::string token = JoinToken("t1");
  now_s_ += 600 + 31;
  EXPECT_EQ(ErrorOf(door_.Look(token)).code, ErrorCode::kUnauthorized);
}

TEST_F(DoorTest, SaysOfAResumeTokenThatItHasRunOutAndNotThatItIsAnother) {
  Prng random(3);
  const std::string token = door_.ResumeToken("lake", ParticipantId::Random(random));
  now_s_ += 3600;
  const Error error = ErrorOf(door_.Look(token));
  EXPECT_EQ(error.code, ErrorCode::kUnauthorized);
  EXPECT_NE(error.message.find("has expired"), std::string::npos) << error.message;
}

TEST_F(DoorTest, RefusesWhoWasRemovedAsSomebodyWhoNeedsAnInvitation) {
  Prng random(3);
  const ParticipantId id = ParticipantId::Random(random);
  const std::string token = door_.ResumeToken("lake", id);
  keys_->Revoke(auth::ResumeSubject("lake", id.ToString()), now_s_ + 900, now_s_);
  EXPECT_EQ(ErrorOf(door_.Look(token)).code, ErrorCode::kUnauthorized);
  EXPECT_EQ(ErrorOf(door_.LookResume(token)).code, ErrorCode::kSessionExpired);
  EXPECT_EQ(door_.Explain(token).kind, TokenTrouble::Kind::kRevoked);
}

TEST_F(DoorTest, DoesNotTakeWhatIsNotKnownForARefusal) {
  Prng random(3);
  const std::string token = door_.ResumeToken("lake", ParticipantId::Random(random));
  keys_->ExpectRevocations();
  EXPECT_EQ(ErrorOf(door_.Look(token)).code, ErrorCode::kUnavailable);
  keys_->RevocationsAreKnown();
  EXPECT_TRUE(door_.Look(token));
}

TEST_F(DoorTest, ExplainsWhyATokenLetNobodyIn) {
  EXPECT_EQ(door_.Explain("").kind, TokenTrouble::Kind::kNone);
  EXPECT_EQ(door_.Explain("x").kind, TokenTrouble::Kind::kInvalid);
  EXPECT_EQ(door_.Explain("x").room, "");
  const std::string token = JoinToken("t1");
  now_s_ -= 60;
  EXPECT_EQ(door_.Explain(token).kind, TokenTrouble::Kind::kNotYet);
  now_s_ += 3600;
  EXPECT_EQ(door_.Explain(token).kind, TokenTrouble::Kind::kExpired);
  EXPECT_EQ(door_.Explain(token).room, "lake");
}

}  // namespace
}  // namespace confab::signaling
