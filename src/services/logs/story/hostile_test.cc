#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <random>

#include "services/logs/story/story_json.h"
#include "services/logs/testing/written_call.h"

// Lines by somebody who can write into the folder and means no good.
namespace confab::logs {
namespace {

namespace json = boost::json;
using testing::LineAt;
using testing::WrittenCall;

TEST(HostileLines, CannotMakeTheAnswerLong) {
  WrittenCall call;
  const std::string sentence(5000, '"');
  for (int i = 0; i < 3000; ++i) {
    const std::string who = fmt::format("{}-{:060}", "p", i);
    call.Signaling("participant.joined", who);
    for (int j = 0; j < 5; ++j) {
      call.Media("transport.report", who,
                 fmt::format(R"("transport":"{:064}","checks":{})", j, 1LL << 50));
    }
    call.Signaling("client.failed", who,
                   R"("code":"x","message":)" + json::serialize(json::value(sentence)), "warning");
  }
  const auto text = call.Text();
  ASSERT_TRUE(text);
  EXPECT_LE(text->size(), kMaxStoryBytes);
  const json::value told = json::parse(*text);
  EXPECT_GT(told.at("left_out").at("participants").to_number<int>() +
                told.at("left_out").at("failures").to_number<int>(),
            0);
  EXPECT_FALSE(told.at("participants").as_array().empty());
}

TEST(HostileLines, AreReadAsFarAsThereAreFields) {
  const char* values[] = {"null",
                          "true",
                          "-1",
                          "1e308",
                          "18446744073709551615",
                          "\"\"",
                          "\"\\u0000\\u202e\"",
                          "[]",
                          "{}",
                          "\"x\"",
                          "9007199254740992"};
  const char* fields[] = {
      "media",  "from",    "epoch",  "took_us",  "after_us",         "transport",
      "reason", "ago_ms",  "paused", "producer", "received_freezes", "instance",
      "code",   "message", "source", "protocol", "send_checks_sent", "direction"};
  const char* events[] = {"participant.joined",  "participant.left",  "participant.lost",
                          "participant.resumed", "transport.created", "transport.connected",
                          "transport.moved",     "transport.report",  "transport.closed",
                          "producer.added",      "producer.paused",   "producer.resumed",
                          "client.report",       "client.failed",     "connection.refused",
                          "participant.refused", "room.placed",       "room.moved",
                          "media.lost",          "bus.lost",          "service.started"};
  std::minstd_rand random(7);
  const auto one_of = [&](auto& list) { return list[random() % std::size(list)]; };
  WrittenCall call;
  for (int i = 0; i < 20'000; ++i) {
    std::string more = fmt::format(R"("{}":{})", one_of(fields), one_of(values));
    if (random() % 2 == 0) more += fmt::format(R"(,"{}":{})", one_of(fields), one_of(values));
    if (random() % 2 == 0) more += fmt::format(R"(,"transport":"t{}")", random() % 5);
    const std::string who = random() % 8 == 0 ? "" : fmt::format("p{}", random() % 20);
    call.After(static_cast<double>(random() % 40));
    random() % 2 == 0 ? call.Signaling(one_of(events), who, more, "warning")
                      : call.Media(one_of(events), who, more);
    if (random() % 10 == 0) call.Instance(one_of(events), more);
  }
  const auto text = call.Text();
  ASSERT_TRUE(text);
  EXPECT_LE(text->size(), kMaxStoryBytes);
  EXPECT_NO_THROW((void)json::parse(*text));
}

TEST(HostileLines, ThatAreDamagedOrTooLongNamesAreLeftOut) {
  WrittenCall call;
  call.Joins("ada").Raw("{\"room\":\"tea\",\"event\":\"partic").Raw(std::string(100, '\x1b'));
  call.Raw(LineAt(call.now_us(), R"(,"room":"tea","participant":")" + std::string(200, 'x') + "\"",
                  "participant.joined"));
  EXPECT_EQ(call.Told().at("participants").as_array().size(), 1u);
}

TEST(HostileLines, CountForNothingBeyondWhatIsRead) {
  WrittenCall call;
  call.Joins("ada");
  for (size_t i = 0; i < kMaxStoryLines + 100; ++i) call.Reports("ada", "");
  const json::value told = call.Told();
  EXPECT_GT(told.at("left_out").at("lines").to_number<int>(), 100);
  EXPECT_TRUE(told.at("participants").at(0).at("joined").is_string()) << "reports go first";
  EXPECT_FALSE(told.at("complete").as_bool());
}

}  // namespace
}  // namespace confab::logs
