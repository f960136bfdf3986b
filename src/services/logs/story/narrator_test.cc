#include "services/logs/story/narrator.h"

#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

#include "services/logs/testing/written_call.h"

// What lines become in the answer.
namespace confab::logs {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::WrittenCall;

std::vector<std::string> All(const json::value& list, std::string_view member) {
  std::vector<std::string> found;
  for (const json::value& each : list.as_array()) {
    found.emplace_back(each.at(member).is_null() ? "-" : each.at(member).as_string().c_str());
  }
  return found;
}

TEST(Story, TellsHowLongEachStageOfAJoinTook) {
  WrittenCall call;
  call.Joins("ada").Reports("ada", R"("stage_reply_us":15000,"stage_ice_us":90000)", "joined");
  const json::value told = call.Told();
  const json::value& ada = told.at("participants").at(0);
  EXPECT_THAT(All(ada.at("stages"), "name"),
              ElementsAre("reach", "token", "transports", "consumers", "all", "connect",
                          "client-reply", "client-ice"));
  EXPECT_EQ(ada.at("stages").at(4).at("ms").as_double(), 12.5);
  EXPECT_EQ(ada.at("stages").at(1).at("ms").as_int64(), 2);
  EXPECT_EQ(ada.at("sessions").at(0).as_string(), "s1-ada");
  EXPECT_EQ(ada.at("traces").at(0).as_string(), "trace-ada");
}

TEST(Story, TellsThePathOfEachTransport) {
  WrittenCall call;
  call.Joins("ada").IsFine("ada");
  const json::value told = call.Told();
  const json::value& transport = told.at("participants").at(0).at("transports").at(0);
  EXPECT_EQ(transport.at("id").as_string(), "ada-send");
  EXPECT_EQ(transport.at("direction").as_string(), "send");
  EXPECT_EQ(transport.at("media").as_string(), "m1");
  EXPECT_EQ(transport.at("protocol").as_string(), "udp");
  EXPECT_EQ(transport.at("local").as_string(), "203.0.113.7:40000");
  EXPECT_EQ(transport.at("local_type").as_string(), "host");
  EXPECT_TRUE(transport.at("relay_protocol").is_null());
  EXPECT_EQ(transport.at("figures").at("packets_received").as_int64(), 3000);
  EXPECT_EQ(transport.at("figures").at("state").as_string(), "connected");
  EXPECT_TRUE(transport.at("connected").is_string());
  EXPECT_TRUE(transport.at("closed").is_null());
}

TEST(Story, TakesThePathThatATransportMovedTo) {
  WrittenCall call;
  call.Joins("ada").Media("transport.moved", "ada",
                          R"("transport":"ada-send","protocol":"tcp","local":"l","remote":"r")");
  const json::value told = call.Told();
  EXPECT_EQ(told.at("participants").at(0).at("transports").at(0).at("protocol").as_string(), "tcp");
}

TEST(Story, TellsOfTheClosingWhatMediaSays) {
  WrittenCall call;
  call.Joins("ada");
  call.Signaling("transport.closed", "ada", R"("transport":"ada-send","reason":"gone")", "warning");
  call.Media("transport.closed", "ada",
             R"("transport":"ada-send","reason":"ice-timeout","packets_sent":7)", "warning");
  const json::value told = call.Told();
  const json::value& transport = told.at("participants").at(0).at("transports").at(0);
  EXPECT_EQ(transport.at("reason").as_string(), "ice-timeout");
  EXPECT_EQ(transport.at("figures").at("packets_sent").as_int64(), 7);
  EXPECT_THAT(All(told.at("failures"), "message"),
              ElementsAre("A transport was closed: gone.", "A transport was closed: ice-timeout."));
}

TEST(Story, TellsOfConnectionsInTheirOrder) {
  WrittenCall call;
  call.Joins("ada").Signaling("participant.lost", "ada").After(3);
  call.Signaling("participant.resumed", "ada", R"("from":"here")").Leaves("ada");
  const json::value told = call.Told();
  const json::value& ada = told.at("participants").at(0);
  EXPECT_THAT(All(ada.at("connections"), "what"), ElementsAre("joined", "lost", "resumed", "left"));
  EXPECT_THAT(All(ada.at("connections"), "from"), ElementsAre("-", "-", "here", "-"));
  EXPECT_EQ(ada.at("reason").as_string(), "left");
}

TEST(Story, TellsWhenAProducerWasMutedAndByWhom) {
  WrittenCall call;
  call.Joins("ada").Produces("ada", "microphone").After(5);
  call.Signaling("producer.paused", "ada",
                 R"("producer":"ada-microphone","source":"microphone","by":"moderator")");
  const json::value muted = call.Told();
  const json::value& microphone = muted.at("participants").at(0).at("producers").at(0);
  EXPECT_TRUE(microphone.at("paused").as_bool());
  EXPECT_TRUE(microphone.at("muted").at(0).at("to").is_null());
  EXPECT_EQ(microphone.at("muted").at(0).at("by").as_string(), "moderator");
  call.After(4).Signaling("producer.resumed", "ada", R"("producer":"ada-microphone","by":"self")");
  const json::value told = call.Told();
  const json::value& after = told.at("participants").at(0).at("producers").at(0);
  EXPECT_FALSE(after.at("paused").as_bool());
  EXPECT_TRUE(after.at("muted").at(0).at("to").is_string());
}

TEST(Story, TellsWhereTheRoomHadItsMedia) {
  WrittenCall call;
  call.Signaling("room.placed", "", R"("media":"m1","epoch":1)").Joins("ada").After(10);
  call.Signaling("room.moved", "", R"("media":"m2","from":"m1","epoch":2)", "warning");
  call.By("s2").Signaling("room.placed", "", R"("media":"m1","epoch":1)");
  const json::value told = call.Told();
  EXPECT_THAT(All(told.at("media"), "instance"), ElementsAre("m1", "m2"));
  EXPECT_TRUE(told.at("media").at(0).at("to").is_string());
  EXPECT_TRUE(told.at("media").at(1).at("to").is_null());
}

TEST(Story, TellsEveryErrorWithItsSentenceAndItsId) {
  WrittenCall call;
  call.Joins("ada").Signaling("message.refused", "ada",
                              R"("refused":"produce","code":"forbidden","error_id":"e-1",)"
                              R"("message":"You may not send video here.")");
  call.Instance("discovery.lost", R"("message":"Consul does not answer.")");
  const json::value told = call.Told();
  const json::value& refused = told.at("failures").at(0);
  EXPECT_EQ(refused.at("event").as_string(), "message.refused");
  EXPECT_EQ(refused.at("code").as_string(), "forbidden");
  EXPECT_EQ(refused.at("error_id").as_string(), "e-1");
  EXPECT_EQ(refused.at("participant").as_string(), "ada");
  EXPECT_EQ(refused.at("trace").as_string(), "trace-ada");
  EXPECT_THAT(refused.at("line").as_string().c_str(), HasSubstr("."));
  EXPECT_THAT(All(told.at("failures"), "message"),
              ElementsAre("You may not send video here.", "Consul does not answer."));
}

TEST(Story, TellsNothingOfInstancesThatHadNoPartInIt) {
  WrittenCall call;
  call.Joins("ada").By("s9").Instance("bus.lost", R"("message":"Redis is gone.")");
  EXPECT_TRUE(call.Told().at("failures").as_array().empty());
  EXPECT_TRUE(call.Told().at("findings").as_array().empty());
}

TEST(Story, TellsNothingThatWasOverBeforeTheCall) {
  WrittenCall call;
  call.Instance("media.lost", R"("media":"m1")").Instance("media.back", R"("media":"m1")", "info");
  call.After(5).Joins("ada");
  EXPECT_TRUE(call.Told().at("failures").as_array().empty());
  EXPECT_TRUE(call.Told().at("findings").as_array().empty());
}

TEST(Story, LeavesOutWhoOnlyPreparedAJoin) {
  WrittenCall call;
  call.Joins("ada").Makes("eve", "send");
  EXPECT_EQ(call.Told().at("participants").as_array().size(), 1u);
}

TEST(Story, TakesAFieldOfAWrongTypeAsMissing) {
  WrittenCall call;
  call.Signaling("participant.joined", "ada",
                 R"("media":7,"took_us":"long","reach_us":-1,"token_us":1e300,"home_us":[])");
  call.Media("transport.report", "ada", R"("transport":["x"],"checks":"many")");
  call.Media("transport.report", "ada", R"("transport":"t","checks":1.5,"state":{})");
  const json::value told = call.Told();
  const json::value& ada = told.at("participants").at(0);
  EXPECT_TRUE(ada.at("stages").as_array().empty());
  ASSERT_EQ(ada.at("transports").as_array().size(), 1u);
  EXPECT_EQ(json::serialize(ada.at("transports").at(0).at("figures")), R"({"checks":1})");
}

TEST(Story, IsCompleteWhereNothingOfItWasForgotten) {
  WrittenCall call;
  call.Joins("ada");
  EXPECT_TRUE(call.Told().at("complete").as_bool());
}

}  // namespace
}  // namespace confab::logs
