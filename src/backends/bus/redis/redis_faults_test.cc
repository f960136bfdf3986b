// What only a real Redis can do to us.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <filesystem>

#include "backends/bus/ledger_bus.h"
#include "backends/bus/redis/redis_ledger.h"
#include "backends/bus/testing/ledgers_under_test.h"
#include "backends/bus/testing/loop.h"
#include "backends/bus/testing/room_view.h"
#include "backends/bus/testing/small_redis.h"
#include "net/tls_context.h"

namespace confab::bus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Times ShortRequests() {
  Times times = QuickTimes();
  times.request = TimeDelta::Millis(200);
  times.change = TimeDelta::Millis(300);
  return times;
}

class RedisFaults : public testing::Test {
 protected:
  bool Begin(std::vector<std::string> arguments = {}) {
    std::string why_not;
    redis_ = SmallRedis::Start(why_not, std::move(arguments));
    return redis_ != nullptr;
  }
  std::unique_ptr<LedgerBus> MakeBus(const std::string& id, const Times& times) {
    return MakeBus(id, times, redis_->options());
  }
  std::unique_ptr<LedgerBus> MakeBus(const std::string& id, const Times& times,
                                     const RedisOptions& options) {
    auto ledger = std::make_unique<RedisLedger>(io_, options, "", times);
    return std::make_unique<LedgerBus>(io_, std::move(ledger), NameOf(id), times);
  }
  bool Until(const std::function<bool()>& condition) { return RunUntil(io_, condition); }
  Result<uint64_t> Change(Bus& bus, RoomChange change, Patience patience = Patience::kKeep) {
    return Await(io_, bus.Change("room", std::move(change), patience));
  }
  void Tell(Bus& bus, std::string event) {
    asio::co_spawn(io_, bus.Change("room", {.event = std::move(event)}, Patience::kKeep),
                   asio::detached);
  }

  asio::io_context io_;
  std::unique_ptr<SmallRedis> redis_;
};

#define BEGIN_OR_SKIP(...) \
  if (!Begin(__VA_ARGS__)) GTEST_SKIP() << "there is no redis-server"

TEST_F(RedisFaults, GoesOnAfterRedisStoodStill) {
  BEGIN_OR_SKIP();
  const auto one = MakeBus("one", ShortRequests());
  const auto other = MakeBus("other", ShortRequests());
  RoomView view(io_, *other, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(Change(*one, {.set = {{.key = "a", .value = "1"}}, .event = "e1"}));
  redis_->Suspend();
  Tell(*one, "e2");
  const auto refused = Change(*one, {.event = "join"}, Patience::kUntilDeadline);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  ASSERT_TRUE(Until([&] { return !one->status().is_up && !other->status().is_up; }));
  EXPECT_THAT(one->status().reason, HasSubstr("Redis"));
  redis_->Resume();
  ASSERT_TRUE(Change(*one, {.event = "e3"}));
  ASSERT_TRUE(Until([&] { return view.events().size() >= 3; }));
  EXPECT_THAT(view.events(), ElementsAre("e1", "e2", "e3"));
  EXPECT_EQ(view.resets(), 0);
  EXPECT_EQ(one->status().wipes, 0u);
}

TEST_F(RedisFaults, GoesOnAfterRedisDiedAndCameBackWithoutAnything) {
  BEGIN_OR_SKIP();
  const auto one = MakeBus("one", ShortRequests());
  const auto other = MakeBus("other", ShortRequests());
  RoomView view(io_, *other, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(Change(*one, {.set = {{.key = "a", .value = "1"}}, .event = "e1"}));
  ASSERT_TRUE(Change(*other, {.set = {{.key = "b", .value = "2"}}, .event = "e2"}));
  ASSERT_TRUE(Until([&] { return view.events().size() == 2; }));
  redis_->Kill();
  Tell(*one, "e3");
  ASSERT_TRUE(Until([&] { return !one->status().is_up && !other->status().is_up; }));
  ASSERT_TRUE(redis_->Begin());
  ASSERT_TRUE(Until([&] { return view.events().size() >= 3; }));
  ASSERT_TRUE(Change(*one, {.event = "e4"}));
  ASSERT_TRUE(Until([&] { return view.events().size() >= 4; }));
  EXPECT_THAT(view.events(), ElementsAre("e1", "e2", "e3", "e4"));
  EXPECT_TRUE(view.is_sequence_growing());
  EXPECT_EQ(view.resets(), 0);
  EXPECT_TRUE(Until([&] { return Await(io_, other->Snapshot("room"))->fields.size() == 2; }));
}

TEST_F(RedisFaults, TrustsNoRedisThatCameBackWithWhatItHadSavedLongBefore) {
  BEGIN_OR_SKIP();
  const auto one = MakeBus("one", ShortRequests());
  const auto other = MakeBus("other", ShortRequests());
  RoomView view(io_, *other, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(Change(*one, {.set = {{.key = "ghost", .value = "1"}}, .event = "e1"}));
  ASSERT_THAT(redis_->Command({"SAVE"}), HasSubstr("OK"));
  ASSERT_TRUE(Change(*one, {.remove = {"ghost"}, .event = "e2"}));
  const auto last = Change(*one, {.set = {{.key = "a", .value = "2"}}, .event = "e3"});
  ASSERT_TRUE(last);
  ASSERT_TRUE(Until([&] { return view.events().size() == 3; }));
  redis_->Kill();
  ASSERT_TRUE(redis_->Begin());
  ASSERT_TRUE(Until([&] { return one->status().wipes == 1 && other->status().wipes == 1; }));
  const auto after = Change(*one, {.event = "e4"});
  ASSERT_TRUE(after);
  EXPECT_GT(*after, *last);
  ASSERT_TRUE(Until([&] { return view.events().size() >= 4; }));
  EXPECT_THAT(view.events(), ElementsAre("e1", "e2", "e3", "e4"));
  EXPECT_THAT(view.values(), ElementsAre(Pair("a", "2")));
  ASSERT_TRUE(Until([&] {
    const auto state = Await(io_, other->Snapshot("room"));
    return state && state->fields.size() == 1 && state->fields[0].key == "a";
  }));
}

TEST_F(RedisFaults, RefusesWhatAFullRedisCannotTakeButLetsPeopleLeave) {
  BEGIN_OR_SKIP({"--maxmemory-policy", "noeviction"});
  const auto one = MakeBus("one", QuickTimes());
  RoomView view(io_, *one, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(Change(*one, {.set = {{.key = "a", .value = "1"}}, .event = "e1"}));
  redis_->Command({"CONFIG", "SET", "maxmemory", "1"});
  const auto refused =
      Change(*one, {.set = {{.key = "b", .value = "2"}}}, Patience::kUntilDeadline);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_THAT(refused.error().message, HasSubstr("full"));
  EXPECT_FALSE(Change(*one, {.event = "words"}, Patience::kUntilDeadline));
  EXPECT_TRUE(Change(*one, {.remove = {"a"}, .event = "e2"}, Patience::kUntilDeadline));
  ASSERT_TRUE(Until([&] { return view.events().size() == 2; }));
  EXPECT_TRUE(one->status().is_up) << "its beat goes on";
  bool is_kept = false;
  asio::co_spawn(
      io_, one->Change("room", {.event = "e3"}, Patience::kKeep),
      [&](std::exception_ptr, Result<uint64_t> result) { is_kept = result.has_value(); });
  Settle(io_);
  redis_->Command({"CONFIG", "SET", "maxmemory", "0"});
  ASSERT_TRUE(Until([&] { return is_kept && view.events().size() == 3; }));
}

TEST_F(RedisFaults, LoadsItsScriptsAgainWhenRedisForgotThem) {
  BEGIN_OR_SKIP();
  const auto one = MakeBus("one", QuickTimes());
  ASSERT_TRUE(Change(*one, {.event = "e1"}));
  redis_->Command({"SCRIPT", "FLUSH"});
  EXPECT_TRUE(Change(*one, {.event = "e2"}));
}

TEST_F(RedisFaults, SignsInAsAUserAndUsesItsDatabase) {
  BEGIN_OR_SKIP();
  ASSERT_THAT(redis_->Command(
                  {"ACL", "SETUSER", "confab", "on", ">secret", "~confab:*", "&confab.*", "+@all"}),
              HasSubstr("OK"));
  RedisOptions options = redis_->options();
  options.user = "confab";
  options.password = "secret";
  options.database = 3;
  const auto one = MakeBus("one", QuickTimes(), options);
  const auto other = MakeBus("other", QuickTimes(), options);
  RoomView view(io_, *other, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(Change(*one, {.event = "e1"}));
  ASSERT_TRUE(Until([&] { return view.events().size() == 1; }));
  EXPECT_THAT(redis_->Command({"DBSIZE"}), HasSubstr(":0")) << "in database 0";
}

// Its commands are answered all the same.
TEST_F(RedisFaults, SaysThatItsUserMayNotSubscribeAndHearsAgainOnceItMay) {
  BEGIN_OR_SKIP();
  ASSERT_THAT(redis_->Command({"ACL", "SETUSER", "confab", "on", ">secret", "~confab:*",
                               "&confab.*", "+@all", "-subscribe"}),
              HasSubstr("OK"));
  RedisOptions options = redis_->options();
  options.user = "confab";
  options.password = "secret";
  const auto one = MakeBus("one", QuickTimes(), options);
  ASSERT_TRUE(Until([&] { return one->status().reason.find("subscribe") != std::string::npos; }));
  EXPECT_FALSE(one->status().is_up);
  EXPECT_TRUE(one->status().is_answering);
  RoomView view(io_, *one, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(Change(*one, {.event = "e1"}));
  redis_->Command({"ACL", "SETUSER", "confab", "+subscribe"});
  ASSERT_TRUE(Until([&] { return one->status().is_up && view.events().size() == 1; }));
  EXPECT_EQ(one->status().reason, "");
  const uint64_t losses = one->status().losses;
  redis_->Command({"ACL", "SETUSER", "confab", "-subscribe"});
  redis_->Command({"CLIENT", "KILL", "TYPE", "pubsub"});
  ASSERT_TRUE(Until([&] { return !one->status().is_up; }));
  EXPECT_EQ(one->status().losses, losses + 1);
}

TEST_F(RedisFaults, SaysThatAPasswordIsWrong) {
  BEGIN_OR_SKIP({"--requirepass", "right"});
  RedisOptions options = redis_->options();
  options.password = "wrong";
  const auto one = MakeBus("one", QuickTimes(), options);
  ASSERT_TRUE(Until([&] { return one->status().reason.find("password") != std::string::npos; }));
  EXPECT_FALSE(one->status().is_up);
}

TEST_F(RedisFaults, SpeaksTlsAndChecksWhoAnswers) {
  std::string folder = (std::filesystem::temp_directory_path() / "confab-tls-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  ASSERT_TRUE(net::TlsContext::SelfMade(folder, {"127.0.0.1"}));
  const uint16_t port = SmallRedis::FreePort();
  BEGIN_OR_SKIP({"--tls-port", std::to_string(port), "--tls-cert-file", folder + "/tls.crt",
                 "--tls-key-file", folder + "/tls.key", "--tls-auth-clients", "no"});
  RedisOptions options = redis_->options();
  options.port = port;
  options.security = RedisOptions::Security::kTls;
  options.ca_file = folder + "/tls.crt";
  const auto one = MakeBus("one", QuickTimes(), options);
  RoomView view(io_, *one, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  ASSERT_TRUE(Change(*one, {.event = "e1"}));
  ASSERT_TRUE(Until([&] { return view.events().size() == 1; }));
  options.ca_file = "";
  const auto other = MakeBus("other", QuickTimes(), options);
  ASSERT_TRUE(Until([&] { return other->status().reason.find("TLS") != std::string::npos; }));
  std::filesystem::remove_all(folder);
}

TEST_F(RedisFaults, RefusesWhatOtherProgramsWrote) {
  BEGIN_OR_SKIP();
  const auto one = MakeBus("one", ShortRequests());
  ASSERT_TRUE(Until([&] { return one->status().is_up; }));
  redis_->Command({"SET", "confab:{:room}:meta", "theirs"});
  const auto refused = Change(*one, {.event = "e"}, Patience::kUntilDeadline);
  ASSERT_FALSE(refused);
  redis_->Command({"DEL", "confab:{:room}:meta"});
  EXPECT_TRUE(Change(*one, {.event = "e"}));
}

TEST_F(RedisFaults, SkipsWhatStandsBrokenInALog) {
  BEGIN_OR_SKIP();
  const auto one = MakeBus("one", QuickTimes());
  RoomView view(io_, *one, "room");
  ASSERT_TRUE(Until([&] { return view.is_following(); }));
  const auto first = Change(*one, {.event = "e1"});
  ASSERT_TRUE(first);
  ASSERT_TRUE(Until([&] { return view.events().size() == 1; }));
  redis_->Command({"XADD", "confab:{:room}:log", std::to_string(*first + 1) + "-0", "kind", "?"});
  redis_->Command({"HINCRBY", "confab:{:room}:meta", "sequence", "1"});
  ASSERT_TRUE(Change(*one, {.event = "e2"}));
  ASSERT_TRUE(Until([&] { return view.events().size() == 2; }));
}

}  // namespace
}  // namespace confab::bus
