#include "services/logs/story/findings.h"

#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

#include "services/logs/testing/written_call.h"

// Each cause alone: it is found, and nothing else is.
namespace confab::logs {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::WrittenCall;

// Two people in a call without trouble.
WrittenCall TwoPeople() {
  WrittenCall call;
  call.Signaling("room.placed", "", R"("media":"m1","epoch":1)");
  call.Joins("ada").Produces("ada", "microphone").Produces("ada", "camera");
  call.Joins("bo").Produces("bo", "microphone").After(10).IsFine("ada").IsFine("bo");
  return call;
}

std::string SentenceOf(const WrittenCall& call) {
  return call.Told().at("findings").at(0).at("sentence").as_string().c_str();
}

TEST(Findings, AreNoneForAHealthyCall) {
  WrittenCall call = TwoPeople();
  for (int i = 0; i < 5; ++i) call.After(60).IsFine("ada").IsFine("bo");
  call.Leaves("ada").Leaves("bo");
  EXPECT_THAT(call.Causes(), IsEmpty());
  EXPECT_THAT(call.Causes(3600), IsEmpty());
}

TEST(Findings, NameTheLinesThatTheyComeFrom) {
  WrittenCall call;
  call.Refuses("expired");
  const json::value told = call.Told();
  EXPECT_EQ(told.at("findings").at(0).at("lines"),
            json::array{told.at("failures").at(0).at("line")});
  EXPECT_EQ(told.at("findings").at(0).at("severity").as_string(), "error");
}

// media_lost

TEST(LostMedia, IsFoundByWhoDoesNotReachIt) {
  WrittenCall call = TwoPeople();
  call.After(20).Instance("media.lost", R"("media":"m1")");
  call.Signaling("room.moved", "", R"("media":"m2","from":"m1","epoch":2)", "warning");
  call.At("m2").Makes("ada", "send").Connects("ada", "send").After(10).IsFine("bo");
  EXPECT_THAT(call.Causes(), ElementsAre("media_lost m1"));
  EXPECT_EQ(SentenceOf(call),
            "The media instance m1 had this call and was lost; the call went on at m2.");
}

TEST(LostMedia, IsOneEventWhoeverNoticesIt) {
  WrittenCall call = TwoPeople();
  call.By("s2").Joins("cy").After(5);
  call.Instance("media.lost", R"("media":"m1")").By("s1").After(3);
  call.Instance("media.lost", R"("media":"m1")");
  EXPECT_THAT(call.Causes(), ElementsAre("media_lost m1"));
}

TEST(LostMedia, IsFoundByARoomThatHadToMove) {
  WrittenCall call = TwoPeople();
  call.Signaling("room.moved", "", R"("media":"m2","from":"m1","epoch":2)", "warning");
  EXPECT_THAT(call.Causes(), ElementsAre("media_lost m1"));
}

TEST(LostMedia, IsFoundByAllTransportsThatEndAtOnce) {
  WrittenCall call = TwoPeople();
  call.After(20);
  for (const char* each : {"ada-send", "ada-recv", "bo-send", "bo-recv"}) {
    const std::string_view id = each;
    call.Media("transport.closed", id.substr(0, id.find('-')),
               fmt::format(R"("transport":"{}","reason":"ice-timeout")", each), "warning");
  }
  EXPECT_THAT(call.Causes(), ElementsAre("media_lost m1"));
}

TEST(LostMedia, IsNotAnInstanceThatTheRoomHadLeftInOrder) {
  WrittenCall call;
  call.Signaling("room.placed", "", R"("media":"m1","epoch":1)").Joins("ada").Leaves("ada");
  call.After(2).At("m2").Signaling("room.placed", "", R"("media":"m2","epoch":2)");
  call.Joins("ada").Joins("bo").After(10);
  call.Instance("media.lost", R"("media":"m1")");
  call.IsFine("ada").IsFine("bo");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(LostMedia, IsNotAnInstanceThatEndedAfterTheCall) {
  WrittenCall call = TwoPeople();
  call.Leaves("ada").Leaves("bo").After(1);
  call.Instance("media.lost", R"("media":"m1")");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(LostMedia, IsNotWhatPeopleWhoCloseTheirPagesLeaveBehind) {
  WrittenCall call = TwoPeople();
  for (const char* who : {"ada", "bo"}) {
    call.Reports(who, "", "ended").Signaling("participant.lost", who);
  }
  call.After(15);
  for (const char* who : {"ada", "bo"}) {
    call.Signaling("participant.left", who, R"("reason":"timeout")");
    for (const char* direction : {"send", "recv"}) {
      call.Media("transport.closed", who,
                 fmt::format(R"("transport":"{}-{}","reason":"ice-timeout")", who, direction),
                 "warning");
    }
  }
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(LostMedia, IsNotARoomThatWasDrained) {
  WrittenCall call = TwoPeople();
  call.Media("transport.closed", "ada", R"("transport":"ada-send","reason":"drained")");
  call.Signaling("room.moved", "", R"("media":"m2","from":"m1","epoch":2)", "warning");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(LostMedia, IsNotAnInstanceThatHadOtherRooms) {
  WrittenCall call = TwoPeople();
  call.Instance("media.lost", R"("media":"m7")");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(LostMedia, ExplainsFreezesAndLostConnectionsSoonAfter) {
  WrittenCall call = TwoPeople();
  call.After(20).Instance("media.lost", R"("media":"m1")");
  call.Signaling("room.moved", "", R"("media":"m2","from":"m1","epoch":2)", "warning");
  call.After(2).Signaling("participant.lost", "bo").After(5);
  call.Reports("ada", R"("received_freezes":4,"received_freeze_ms":9000)").After(10);
  call.Signaling("participant.left", "bo", R"("reason":"timeout")");
  EXPECT_THAT(call.Causes(), ElementsAre("media_lost m1"));
}

// bus_lost, store_lost

TEST(LostBackends, AreFoundWhileTheCallGoesOn) {
  WrittenCall call = TwoPeople();
  call.After(5).Instance("bus.lost", R"("message":"Redis is gone.")").After(12);
  call.Instance("bus.back", "", "info");
  EXPECT_THAT(call.Causes(), ElementsAre("bus_lost s1"));
  EXPECT_THAT(SentenceOf(call), HasSubstr("for 12 s"));
}

TEST(LostBackends, AreToldApart) {
  WrittenCall call = TwoPeople();
  call.After(5).Instance("store.lost", R"("message":"PostgreSQL is gone.")");
  EXPECT_THAT(call.Causes(), ElementsAre("store_lost s1"));
  EXPECT_THAT(SentenceOf(call), HasSubstr("still cannot"));
}

TEST(LostBackends, AreOneEventForAllWhoNotice) {
  WrittenCall call = TwoPeople();
  call.By("s2").Joins("cy").Instance("bus.lost").By("s1").After(3).Instance("bus.lost");
  EXPECT_THAT(call.Causes(), ElementsAre("bus_lost"));
}

TEST(LostBackends, ConcernACallThatBeganMeanwhile) {
  WrittenCall call;
  call.Instance("store.lost")
      .After(300)
      .Signaling("participant.refused", "", R"("code":"unavailable","message":"Not now.")",
                 "warning");
  EXPECT_THAT(call.Causes(), ElementsAre("store_lost s1"));
}

TEST(LostBackends, AreForgottenByTheNextProcess) {
  WrittenCall call;
  call.Instance("bus.lost").After(5).Instance("service.started", "", "info").After(100);
  call.Joins("ada");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

// token_expired, token_refused, join_failed

TEST(RefusedTokens, AreOneEventWhileAPageTriesAgain) {
  WrittenCall call;
  for (int i = 0; i < 5; ++i) call.After(3).Refuses("expired");
  EXPECT_THAT(call.Causes(), ElementsAre("token_expired"));
  EXPECT_EQ(SentenceOf(call), "5 attempts to get in were refused because the token had expired.");
}

TEST(RefusedTokens, AreToldWithTheirReason) {
  for (const char* reason : {"not_yet", "used", "revoked", "invalid", "none"}) {
    WrittenCall call = TwoPeople();
    call.Refuses(reason);
    EXPECT_THAT(call.Causes(), ElementsAre("token_refused")) << reason;
  }
}

TEST(RefusedTokens, AreNoneWhereASessionIsOver) {
  WrittenCall call = TwoPeople();
  call.Refuses("revoked", "session_expired");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(FailedJoins, AreToldWithTheirCode) {
  WrittenCall call = TwoPeople();
  call.Signaling("participant.refused", "cy",
                 R"("code":"room_full","message":"The room is full.","error_id":"e2")", "warning");
  EXPECT_THAT(call.Causes(), ElementsAre("join_failed cy"));
  EXPECT_EQ(SentenceOf(call), "1 join was refused with room_full: The room is full.");
}

TEST(FailedJoins, AreThoseOfAnotherProtocolToo) {
  WrittenCall call;
  call.Refuses("protocol", "unsupported_protocol");
  EXPECT_THAT(call.Causes(), ElementsAre("join_failed"));
}

// announced_address, nothing_arrives, udp_blocked

constexpr const char* kTrying =
    R"("send_state":"checking","send_checks_sent":40,"send_checks_answered":0,)"
    R"("recv_state":"failed","recv_checks_sent":38)";

WrittenCall& FailsToReach(WrittenCall& call, const char* who) {
  call.Makes(who, "send").Makes(who, "recv");
  call.Signaling("participant.joined", who, R"("media":"m1","took_us":1000)").After(10);
  call.Figures(who, "send", R"("state":"new")").Figures(who, "recv", R"("state":"new","checks":0)");
  return call.Reports(who, kTrying, "joined");
}

TEST(AnnouncedAddress, IsWrongWhereNothingComesFromAnybody) {
  WrittenCall call;
  FailsToReach(call, "ada");
  EXPECT_THAT(call.Causes(), ElementsAre("announced_address m1"));
  FailsToReach(call, "bo");
  EXPECT_THAT(call.Causes(), ElementsAre("announced_address m1"));
  EXPECT_THAT(SentenceOf(call), HasSubstr("2 participants"));
  EXPECT_THAT(SentenceOf(call), HasSubstr("(203.0.113.7:40000)"));
}

TEST(AnnouncedAddress, IsNotWrongWhereNobodyTried) {
  WrittenCall call;
  call.Makes("ada", "send").Signaling("participant.joined", "ada", R"("media":"m1")").After(10);
  call.Figures("ada", "send", R"("state":"new")").Reports("ada", R"("send_state":"new")");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(AnnouncedAddress, ExplainsWhatThePageShowed) {
  WrittenCall call;
  FailsToReach(call, "ada")
      .Signaling("client.failed", "ada",
                 R"("code":"media_failed","message":"No media.","ago_ms":2000)", "warning");
  EXPECT_THAT(call.Causes(), ElementsAre("announced_address m1"));
}

TEST(NothingArrives, IsFoundWhereOthersAreReached) {
  WrittenCall call = TwoPeople();
  FailsToReach(call, "cy");
  EXPECT_THAT(call.Causes(), ElementsAre("nothing_arrives cy m1"));
}

TEST(NothingArrives, IsNotSaidOfATransportThatSendsNothing) {
  WrittenCall call = TwoPeople();
  call.Makes("cy", "send").Makes("cy", "recv");
  call.Signaling("participant.joined", "cy", R"("media":"m1")").Connects("cy", "recv").After(10);
  call.Figures("cy", "send", R"("state":"new")");
  call.Reports("cy", R"("recv_state":"connected","recv_checks_sent":5,"recv_protocol":"udp")");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(BlockedUdp, IsFoundByATransportThatGoesByTcp) {
  WrittenCall call = TwoPeople();
  call.Makes("cy", "send").Signaling("participant.joined", "cy", R"("media":"m1")");
  call.Connects("cy", "send", "tcp")
      .Reports("cy", R"("send_state":"connected","send_protocol":"tcp","send_local_type":"host")");
  EXPECT_THAT(call.Causes(), ElementsAre("udp_blocked cy"));
  EXPECT_EQ(SentenceOf(call), "UDP does not get through for participant cy: media goes by TCP.");
}

TEST(BlockedUdp, IsFoundByARelayOverTls) {
  WrittenCall call = TwoPeople();
  call.Reports("ada", R"("send_state":"connected","send_protocol":"udp","send_local_type":"relay",)"
                      R"("send_relay_protocol":"tls")");
  EXPECT_THAT(call.Causes(), ElementsAre("udp_blocked ada"));
  EXPECT_THAT(SentenceOf(call), HasSubstr("through a relay over TLS"));
}

TEST(BlockedUdp, IsFoundByRelaysThatDoNotAnswerByUdp) {
  WrittenCall call = TwoPeople();
  FailsToReach(call, "cy").Reports("cy", std::string(kTrying) + R"(,"relays_failed":"udp,tls")");
  EXPECT_THAT(call.Causes(), ElementsAre("udp_blocked cy")) << "nothing_arrives says no more";
}

TEST(BlockedUdp, IsNotWhereUdpCarriesMediaInTheEnd) {
  WrittenCall call = TwoPeople();
  call.Makes("cy", "send").Signaling("participant.joined", "cy", R"("media":"m1")");
  call.Connects("cy", "send", "tcp");
  call.Media("transport.moved", "cy", R"("transport":"cy-send","protocol":"udp","local":"l")");
  call.Reports("cy", R"("send_state":"connected","send_protocol":"udp","relays_failed":"udp")");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(BlockedUdp, IsNotWhereRelaysAreAwayOverTcpAsWell) {
  WrittenCall call = TwoPeople();
  FailsToReach(call, "cy").Reports("cy", std::string(kTrying) + R"(,"relays_failed":"udp,tcp")");
  EXPECT_THAT(call.Causes(), ElementsAre("nothing_arrives cy m1"));
}

// connection_lost, producer_muted, client_failed

TEST(LostConnections, AreThoseThatDoNotComeBack) {
  WrittenCall call = TwoPeople();
  call.Signaling("participant.lost", "ada");
  EXPECT_THAT(call.Causes(5), IsEmpty()) << "it may come back";
  EXPECT_THAT(call.Causes(20), ElementsAre("connection_lost ada"));
  call.After(15).Signaling("participant.left", "ada", R"("reason":"timeout")");
  EXPECT_THAT(call.Causes(), ElementsAre("connection_lost ada"));
}

TEST(LostConnections, AreNotThoseThatCameBackOrSaidGoodbye) {
  WrittenCall call = TwoPeople();
  call.Signaling("participant.lost", "ada").After(10);
  call.By("s2").Signaling("participant.resumed", "ada", R"("from":"elsewhere")").By("s1").After(20);
  call.Reports("bo", "", "ended").Signaling("participant.lost", "bo").After(15);
  call.Signaling("participant.left", "bo", R"("reason":"timeout")").By("s2").Reports("ada", "");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(LostConnections, AreOneEventWhereTheirProcessEnded) {
  WrittenCall call = TwoPeople();
  EXPECT_THAT(call.Causes(300), ElementsAre("connection_lost"));
}

std::string Producer(const char* who, const char* source, const char* by = "self") {
  return fmt::format(R"("producer":"{0}-{1}","source":"{1}","by":"{2}")", who, source, by);
}

TEST(MutedProducers, AreANote) {
  WrittenCall call = TwoPeople();
  call.Signaling("producer.paused", "ada", Producer("ada", "microphone")).After(12);
  call.Signaling("producer.resumed", "ada", Producer("ada", "microphone"));
  EXPECT_THAT(call.Causes(), ElementsAre("producer_muted ada"));
  EXPECT_EQ(SentenceOf(call), "Participant ada had the microphone off for 12 s.");
  EXPECT_EQ(call.Told().at("findings").at(0).at("severity").as_string(), "note");
}

TEST(MutedProducers, AreOneNoteHoweverOften) {
  WrittenCall call = TwoPeople();
  for (int i = 0; i < 3; ++i) {
    call.Signaling("producer.paused", "ada", Producer("ada", "camera", "moderator")).After(5);
    call.Signaling("producer.resumed", "ada", Producer("ada", "camera")).After(5);
  }
  EXPECT_THAT(call.Causes(), ElementsAre("producer_muted ada"));
  EXPECT_EQ(SentenceOf(call),
            "Participant ada had the camera off by a moderator 3 times, longest for 5 s.");
}

TEST(MutedProducers, AreNoneForAMoment) {
  WrittenCall call = TwoPeople();
  call.Signaling("producer.paused", "ada", Producer("ada", "microphone")).After(1.5);
  call.Signaling("producer.resumed", "ada", Producer("ada", "microphone")).After(1.5);
  call.Signaling("producer.paused", "ada", Producer("ada", "microphone"));
  EXPECT_THAT(call.Causes(1), IsEmpty());
  EXPECT_THAT(call.Causes(3), ElementsAre("producer_muted ada")) << "it goes on";
}

TEST(MutedProducers, ExplainWhyVideoStandsStillForOthers) {
  WrittenCall call = TwoPeople();
  call.Signaling("producer.paused", "ada", Producer("ada", "camera")).After(20);
  call.Signaling("producer.resumed", "ada", Producer("ada", "camera")).After(20);
  call.Reports("bo", R"("received_freezes":1,"received_freeze_ms":20000)");
  EXPECT_THAT(call.Causes(), ElementsAre("producer_muted ada"));
}

TEST(ClientFailures, AreToldWhereNothingElseExplainsThem) {
  WrittenCall call = TwoPeople();
  call.Signaling("client.failed", "ada",
                 R"("code":"camera_denied","message":"No camera.","error_id":"c-1","ago_ms":500)",
                 "warning");
  EXPECT_THAT(call.Causes(), ElementsAre("client_failed ada"));
  EXPECT_THAT(SentenceOf(call), HasSubstr("(camera_denied): No camera."));
  EXPECT_EQ(call.Told().at("failures").at(0).at("error_id").as_string(), "c-1");
}

// loss, round_trip, freezes

TEST(Quality, FindsLossThatThePageSees) {
  WrittenCall call = TwoPeople();
  call.After(60).Reports("ada", R"("received_packets":6000,"received_lost":400)");
  EXPECT_THAT(call.Causes(), ElementsAre("loss ada"));
  EXPECT_EQ(SentenceOf(call), "Participant ada lost up to 12 % of what they were sent.");
}

TEST(Quality, FindsLossThatMediaSees) {
  WrittenCall call = TwoPeople();
  call.After(60).Figures("ada", "send", R"("packets_received":4000,"lost_received":200)");
  EXPECT_THAT(call.Causes(), ElementsAre("loss ada"));
}

TEST(Quality, FindsNoLossAmongFewPackets) {
  WrittenCall call = TwoPeople();
  call.After(60).Reports("ada", R"("received_packets":3020,"received_lost":20)");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(Quality, FindsALongRoundTripThatLasts) {
  WrittenCall call = TwoPeople();
  call.After(10).Reports("ada", R"("sent_round_trip_ms":700)");
  EXPECT_THAT(call.Causes(), IsEmpty()) << "a moment";
  call.Figures("ada", "send", R"("round_trip_ms":650)");
  EXPECT_THAT(call.Causes(), ElementsAre("round_trip ada"));
  EXPECT_THAT(SentenceOf(call), HasSubstr("up to 700 ms"));
}

TEST(Quality, FindsFreezesByTheirNumberAndTheirLength) {
  for (const char* freezes : {R"("received_freezes":3,"received_freeze_ms":900)",
                              R"("received_freezes":1,"received_freeze_ms":4000)"}) {
    WrittenCall call = TwoPeople();
    call.After(60).Reports("ada", freezes);
    EXPECT_THAT(call.Causes(), ElementsAre("freezes ada")) << freezes;
  }
  WrittenCall call = TwoPeople();
  call.After(60).Reports("ada", R"("received_freezes":2,"received_freeze_ms":2500)");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

TEST(Quality, TellsOfFreezesNotBesideTheLossThatMakesThem) {
  WrittenCall call = TwoPeople();
  call.After(60).Reports("ada", R"("received_packets":6000,"received_lost":900,)"
                                R"("received_freezes":9,"received_freeze_ms":9000)");
  EXPECT_THAT(call.Causes(), ElementsAre("loss ada"));
}

TEST(Quality, CountsAnewAfterAPageBeganAnew) {
  WrittenCall call = TwoPeople();
  call.After(60).Reports("ada", R"("received_packets":10,"received_lost":0,"received_freezes":0)");
  EXPECT_THAT(call.Causes(), IsEmpty());
}

}  // namespace
}  // namespace confab::logs
