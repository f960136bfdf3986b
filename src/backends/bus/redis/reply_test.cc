#include "backends/bus/redis/reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backends/bus/redis/redis_answers.h"
#include "backends/bus/redis/redis_keys.h"
#include "backends/bus/redis/redis_options.h"

namespace confab::bus {
namespace {

constexpr std::string_view kList = "*3\r\n$3\r\na\r\n\r\n:42\r\n*1\r\n+OK\r\n";

TEST(ReplyReader, ReadsTheSameWhereverItIsCut) {
  for (size_t cut = 0; cut <= kList.size(); ++cut) {
    ReplyReader reader;
    ASSERT_TRUE(reader.Feed(kList.substr(0, cut)));
    if (cut < kList.size()) {
      EXPECT_FALSE(reader.Next().value().has_value()) << cut;
    }
    ASSERT_TRUE(reader.Feed(kList.substr(cut)));
    const auto reply = reader.Next();
    ASSERT_TRUE(reply && *reply) << cut;
    EXPECT_EQ((*reply)->TextAt(0), "a\r\n");
    EXPECT_EQ((*reply)->items[1].number, 42);
    EXPECT_EQ((*reply)->items[2].TextAt(0), "OK");
  }
}

TEST(ReplyReader, RefusesWhatIsNoRedis) {
  ReplyReader reader;
  ASSERT_TRUE(reader.Feed("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_FALSE(reader.Next());
}

TEST(ReplyReader, RefusesMoreThanItTakes) {
  ReplyReader reader;
  const std::string much(16 * 1024 * 1024, 'a');
  ASSERT_TRUE(reader.Feed("$400000000\r\n"));
  Result<void> fed;
  for (int i = 0; i < 7 && fed; ++i) fed = reader.Feed(much);
  EXPECT_FALSE(fed);
}

TEST(ReplyReader, TakesNoMemoryForListsThatAreOnlyAnnounced) {
  ReplyReader reader;
  ASSERT_TRUE(reader.Feed("*1000000000\r\n"));
  EXPECT_FALSE(reader.Next());
  ReplyReader nested;
  ASSERT_TRUE(nested.Feed("*2\r\n*600000\r\n*600000\r\n"));
  EXPECT_FALSE(nested.Next());
}

TEST(ReplyReader, CountsTheItemsOfEachReplyByItself) {
  ReplyReader reader;
  std::string list = "*600000\r\n";
  for (int i = 0; i < 600'000; ++i) list += ":1\r\n";
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(reader.Feed(list));
    const auto reply = reader.Next();
    ASSERT_TRUE(reply && *reply);
    EXPECT_EQ((*reply)->items.size(), 600'000u);
  }
}

TEST(FormatCommand, WritesBulkStrings) {
  EXPECT_EQ(FormatCommand({"GET", "a\r\n"}), "*2\r\n$3\r\nGET\r\n$3\r\na\r\n\r\n");
}

TEST(RedisAnswers, AreRefusedWhereTheyAreNotOurs) {
  Reply list{.kind = Reply::Kind::kList};
  list.items.resize(3);
  EXPECT_FALSE(ParseWritten(list));
  EXPECT_FALSE(ParseLogRead(list));
  EXPECT_FALSE(ParseSnapshot(list));
  EXPECT_FALSE(ParseBeat(list));
  EXPECT_FALSE(ParseBeat(Reply()));
}

TEST(RedisKeys, KeepTheKeysOfARoomTogetherAndComeBack) {
  const RedisKeys keys("eu", 2);
  EXPECT_EQ(keys.Room("a}b", "fields"), "confab:{eu:a}b}:fields");
  EXPECT_EQ(keys.RoomOfKey(keys.Room("a}b", "meta")), "a}b");
  EXPECT_EQ(keys.RoomOfKey("confab:{us:a}:meta"), std::nullopt);
  EXPECT_EQ(keys.NewsChannel("a"), "confab.2:{eu:a}:log");
  EXPECT_EQ(keys.RoomOfChannel(keys.NewsChannel("a")), "a");
  EXPECT_EQ(keys.RoomOfChannel(keys.InstancesChannel()), std::nullopt);
  EXPECT_EQ(keys.ChannelOf(keys.Channel("to:x")), "to:x");
}

TEST(RedisUrl, SaysWhereRedisIs) {
  const auto options = ParseRedisUrl("redis://confab@redis.example.org:6380/3");
  ASSERT_TRUE(options);
  EXPECT_EQ(options->host, "redis.example.org");
  EXPECT_EQ(options->port, 6380);
  EXPECT_EQ(options->user, "confab");
  EXPECT_EQ(options->database, 3);
  EXPECT_EQ(options->security, RedisOptions::Security::kPlain);
  EXPECT_EQ(ParseRedisUrl("rediss://[::1]")->security, RedisOptions::Security::kTls);
  EXPECT_EQ(ParseRedisUrl("redis://[::1]")->host, "::1");
  EXPECT_EQ(ParseRedisUrl("redis://h")->port, 6379);
}

TEST(RedisUrl, IsRefusedWhereItIsNone) {
  for (const char* url : {"", "redis", "http://h", "redis://", "redis://h/x", "redis://h/1/2",
                          "redis://h/-1", "redis://h:0", "redis://u:secret@h"}) {
    const auto options = ParseRedisUrl(url);
    ASSERT_FALSE(options) << url;
    EXPECT_EQ(options.error().code, ErrorCode::kInvalidConfiguration);
    EXPECT_THAT(options.error().message, testing::Not(testing::HasSubstr("secret")));
  }
}

}  // namespace
}  // namespace confab::bus
