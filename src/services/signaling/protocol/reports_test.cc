#include "services/signaling/protocol/reports.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <vector>

#include "base/testing/error_of.h"

namespace confab::signaling {
namespace {

json::value FullReport() {
  return json::parse(R"({
    "phase": "running",
    "stages": {"reply": 40, "ice": 80, "dtls": 120, "packet": 180, "frame": 300},
    "transports": [
      {"direction": "send", "state": "connected",
       "pair": {"localType": "relay", "remoteType": "host", "protocol": "udp",
                "relayProtocol": "tls"},
       "checksSent": 5, "checksAnswered": 4, "roundTripMs": 31},
      {"direction": "recv", "state": "failed", "checksSent": 9, "checksAnswered": 0}],
    "relaysFailed": ["udp", "tls"],
    "sent": {"packets": 1000, "bytes": 900000, "lost": 3, "roundTripMs": 30},
    "received": {"packets": 2000, "bytes": 1800000, "lost": 5, "jitterMs": 4, "freezes": 1,
                 "freezeMs": 250, "concealedMs": 60, "frames": 1500}})");
}

TEST(ParseReport, ReadsEveryField) {
  const auto report = ParseReport(FullReport());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->phase, ReportPhase::kRunning);
  EXPECT_EQ(report->stages.reply, TimeDelta::Millis(40));
  EXPECT_EQ(report->stages.frame, TimeDelta::Millis(300));
  ASSERT_EQ(report->transports.size(), 2u);
  const ReportedTransport& send = report->transports[0];
  EXPECT_EQ(send.direction, Direction::kSend);
  EXPECT_EQ(send.state, IceState::kConnected);
  EXPECT_EQ(send.local_type, CandidateType::kRelay);
  EXPECT_EQ(send.remote_type, CandidateType::kHost);
  EXPECT_EQ(send.protocol, PathProtocol::kUdp);
  EXPECT_EQ(send.relay_protocol, RelayProtocol::kTls);
  EXPECT_EQ(send.checks_sent, 5);
  EXPECT_EQ(report->transports[1].state, IceState::kFailed);
  EXPECT_EQ(report->transports[1].local_type, std::nullopt);
  EXPECT_EQ(report->relays_failed, (std::vector{RelayProtocol::kUdp, RelayProtocol::kTls}));
  EXPECT_EQ(report->sent.lost, 3);
  EXPECT_EQ(report->received.concealed_ms, 60);
  EXPECT_EQ(report->received.frames, 1500);
}

TEST(ParseReport, NeedsNoMoreThanThePhase) {
  const auto report = ParseReport({{"phase", "joined"}});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->phase, ReportPhase::kJoined);
  EXPECT_EQ(report->stages.reply, std::nullopt);
  EXPECT_TRUE(report->transports.empty());
  EXPECT_TRUE(report->relays_failed.empty());
  EXPECT_EQ(report->received.packets, std::nullopt);
  EXPECT_TRUE(ErrorOf(ParseReport(json::object())).message.starts_with("phase"));
}

// Every number and word of a report, where it stands.
const std::vector<std::string>& Leaves() {
  static const std::vector<std::string> leaves = [] {
    std::vector<std::string> found{"/phase", "/relaysFailed/0"};
    for (const char* name : {"reply", "ice", "dtls", "packet", "frame"}) {
      found.push_back(std::string("/stages/") + name);
    }
    for (const char* name : {"direction", "state", "checksSent", "checksAnswered", "roundTripMs"}) {
      found.push_back(std::string("/transports/0/") + name);
    }
    for (const char* name : {"localType", "remoteType", "protocol", "relayProtocol"}) {
      found.push_back(std::string("/transports/0/pair/") + name);
    }
    for (const char* name : {"packets", "bytes", "lost", "roundTripMs"}) {
      found.push_back(std::string("/sent/") + name);
    }
    for (const char* name :
         {"packets", "bytes", "lost", "jitterMs", "freezes", "freezeMs", "concealedMs", "frames"}) {
      found.push_back(std::string("/received/") + name);
    }
    return found;
  }();
  return leaves;
}

TEST(ParseReport, RefusesEveryValueThatIsNoneOfThoseThatMayBe) {
  const std::vector<json::value> wrong{json::value(-1),   json::value(1.5),
                                       json::value(1e17), json::value("unknown"),
                                       json::value(true), json::value(json::array{1})};
  for (const std::string& leaf : Leaves()) {
    for (const json::value& value : wrong) {
      json::value report = FullReport();
      report.at_pointer(leaf) = value;
      const Error error = ErrorOf(ParseReport(report));
      EXPECT_EQ(error.code, ErrorCode::kInvalidMessage) << leaf << json::serialize(value);
      EXPECT_FALSE(error.message.empty());
    }
  }
}

TEST(ParseReport, RefusesWholesOfTheWrongType) {
  for (const char* whole : {"stages", "transports", "relaysFailed", "sent", "received"}) {
    for (const json::value& value : {json::value(7), json::value("x"), json::value(true)}) {
      EXPECT_TRUE(
          ErrorOf(ParseReport({{"phase", "ended"}, {whole, value}})).message.starts_with(whole));
    }
  }
}

TEST(ParseReport, KeepsTimesToAnHourAndCountsToWhatJavaScriptHas) {
  json::value report = FullReport();
  report.at_pointer("/stages/frame") = 3'600'000;
  report.at_pointer("/sent/bytes") = kMaxReportedCount;
  ASSERT_TRUE(ParseReport(report));
  EXPECT_EQ(ParseReport(report)->sent.bytes, kMaxReportedCount);
  report.at_pointer("/stages/frame") = 3'600'001;
  EXPECT_TRUE(ErrorOf(ParseReport(report)).message.starts_with("stages.frame"));
}

TEST(ParseReport, TakesOneTransportOfEachDirection) {
  json::value report = FullReport();
  report.at_pointer("/transports/1/direction") = "send";
  EXPECT_TRUE(ErrorOf(ParseReport(report)).message.starts_with("transports"));
  report = FullReport();
  report.as_object()["transports"].as_array().emplace_back(json::object({{"direction", "recv"}}));
  EXPECT_TRUE(ErrorOf(ParseReport(report)).message.starts_with("transports"));
  report.as_object()["transports"] = json::array{json::object()};
  EXPECT_TRUE(ErrorOf(ParseReport(report)).message.starts_with("transports[0].direction"));
}

TEST(ParseReport, TakesNoMoreRelaysThanThereAreKinds) {
  json::value report = FullReport();
  report.as_object()["relaysFailed"] = json::array{"udp", "udp"};
  EXPECT_EQ(ParseReport(report)->relays_failed, std::vector{RelayProtocol::kUdp});
  report.as_object()["relaysFailed"] = json::array{"udp", "tcp", "tls", "udp"};
  EXPECT_TRUE(ErrorOf(ParseReport(report)).message.starts_with("relaysFailed"));
}

TEST(ParseReport, SurvivesEveryTruncationOfItsText) {
  const std::string text = json::serialize(FullReport());
  for (size_t length = 0; length < text.size(); ++length) {
    boost::system::error_code error;
    const json::value payload = json::parse(text.substr(0, length), error);
    if (error) continue;
    EXPECT_FALSE(ParseReport(payload).has_value()) << length;
  }
}

json::object Failure() {
  return {{"id", "5f1a-77"},
          {"code", "device_busy"},
          {"message", "Your camera is used by another program."},
          {"agoMs", 1500}};
}

TEST(ParseFailure, ReadsWhatThePageShowed) {
  const auto failure = ParseFailure(Failure());
  ASSERT_TRUE(failure) << failure.error().message;
  EXPECT_EQ(failure->id, "5f1a-77");
  EXPECT_EQ(failure->code, "device_busy");
  EXPECT_EQ(failure->message, "Your camera is used by another program.");
  EXPECT_EQ(failure->ago, TimeDelta::Millis(1500));
  json::object at_once = Failure();
  at_once.erase("agoMs");
  EXPECT_EQ(ParseFailure(at_once)->ago, TimeDelta());
}

TEST(ParseFailure, NeedsIdCodeAndMessage) {
  for (const char* name : {"id", "code", "message"}) {
    json::object payload = Failure();
    payload.erase(name);
    EXPECT_TRUE(ErrorOf(ParseFailure(payload)).message.starts_with(name));
  }
}

TEST(ParseFailure, RefusesWhatIsNoIdAndNoCode) {
  for (const char* id : {"", "a_b", "a b", "\u00e4", "0123456789012345678901234567890123456"}) {
    json::object payload = Failure();
    payload["id"] = id;
    EXPECT_TRUE(ErrorOf(ParseFailure(payload)).message.starts_with("id")) << id;
  }
  for (const char* code :
       {"", "Busy", "a-b", "a b", "a\n", "0123456789012345678901234567890123456789x"}) {
    json::object payload = Failure();
    payload["code"] = code;
    EXPECT_TRUE(ErrorOf(ParseFailure(payload)).message.starts_with("code")) << code;
  }
}

TEST(ParseFailure, PutsTheSentenceOnOneCleanLine) {
  json::object payload = Failure();
  payload["message"] = " It\r\nbroke\u2028down.\u202e\u0007\t1 ";
  EXPECT_EQ(ParseFailure(payload)->message, "It broke down. 1");
}

TEST(ParseFailure, KeepsTheSentenceShort) {
  json::object payload = Failure();
  std::string text;
  for (size_t i = 0; i < kMaxFailureLength; ++i) text += "\u00e4";
  payload["message"] = text;
  EXPECT_EQ(ParseFailure(payload)->message, text) << "characters are counted";
  for (const std::string& wrong :
       {text + "x", std::string(" \n\u200b"), std::string("\xff"), std::string(100'000, 'x')}) {
    payload["message"] = wrong;
    EXPECT_TRUE(ErrorOf(ParseFailure(payload)).message.starts_with("message"));
  }
}

TEST(ParseFailure, KeepsTheTimeToAnHour) {
  json::object payload = Failure();
  payload["agoMs"] = 3'600'001;
  EXPECT_TRUE(ErrorOf(ParseFailure(payload)).message.starts_with("agoMs"));
}

}  // namespace
}  // namespace confab::signaling
