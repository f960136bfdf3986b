#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "services/logs/testing/written_call.h"

// Every two causes in one call: both are found, and nothing else.
namespace confab::logs {
namespace {

using testing::WrittenCall;

struct Trouble {
  std::string cause;  // as WrittenCall::Causes has it
  std::function<void(WrittenCall&)> write;
};

void Trying(WrittenCall& call, const char* who, const char* media) {
  call.At(media)
      .Makes(who, "send")
      .Signaling("participant.joined", who, fmt::format(R"("media":"{}")", media));
  call.After(10).Figures(who, "send", R"("state":"new")");
  call.Reports(who, R"("send_state":"failed","send_checks_sent":40)").At("m1");
}

std::vector<Trouble> Troubles() {
  return {
      {"media_lost m1",
       [](WrittenCall& call) {
         call.Instance("media.lost", R"("media":"m1")");
         call.Signaling("room.moved", "", R"("media":"m2","from":"m1","epoch":2)", "warning");
       }},
      {"bus_lost s1", [](WrittenCall& call) { call.Instance("bus.lost"); }},
      {"store_lost s1", [](WrittenCall& call) { call.Instance("store.lost"); }},
      {"token_expired", [](WrittenCall& call) { call.Refuses("expired"); }},
      {"token_refused", [](WrittenCall& call) { call.Refuses("used"); }},
      {"announced_address m7", [](WrittenCall& call) { Trying(call, "dee", "m7"); }},
      {"udp_blocked cy",
       [](WrittenCall& call) {
         call.Makes("cy", "send").Signaling("participant.joined", "cy", R"("media":"m1")");
         call.Connects("cy", "send", "tcp");
       }},
      {"nothing_arrives eve m1", [](WrittenCall& call) { Trying(call, "eve", "m1"); }},
      {"join_failed fay",
       [](WrittenCall& call) {
         call.Signaling("participant.refused", "fay", R"("code":"room_full","message":"Full.")",
                        "warning");
       }},
      {"producer_muted ada",
       [](WrittenCall& call) {
         call.Signaling("producer.paused", "ada",
                        R"("producer":"ada-microphone","source":"microphone","by":"self")");
       }},
      {"loss bo",
       [](WrittenCall& call) {
         call.Reports("bo", R"("received_packets":6000,"received_lost":900)");
       }},
      {"round_trip ada",
       [](WrittenCall& call) {
         call.Figures("ada", "send", R"("round_trip_ms":900)");
         call.Figures("ada", "recv", R"("round_trip_ms":900)");
       }},
      {"client_failed ada",
       [](WrittenCall& call) {
         call.Signaling("client.failed", "ada", R"("code":"odd","message":"Odd.")", "warning");
       }},
  };
}

// What is told of a cause that came before, of which this one is a consequence then.
bool FollowsFrom(const std::string& cause, const std::string& before) {
  return before.starts_with("media_lost") &&
         (cause.starts_with("loss") || cause.starts_with("nothing_arrives"));
}

// Whether a page that shows an error within a minute shows what this one made.
bool ExplainsPages(const std::string& cause) {
  constexpr std::string_view kCauses[] = {"media_lost", "bus_lost", "store_lost", "token_",
                                          "announced_address"};
  return std::ranges::any_of(kCauses,
                             [&](std::string_view name) { return cause.starts_with(name); });
}

bool IsTold(const Trouble& trouble, const Trouble& other) {
  return !(trouble.cause.starts_with("client_failed") && ExplainsPages(other.cause));
}

TEST(Findings, TellTwoCausesApart) {
  const std::vector<Trouble> troubles = Troubles();
  for (const Trouble& first : troubles) {
    for (const Trouble& second : troubles) {
      if (&first == &second) continue;
      WrittenCall call;
      call.Signaling("room.placed", "", R"("media":"m1","epoch":1)");
      call.Joins("ada").Produces("ada", "microphone").Joins("bo").After(10);
      call.IsFine("ada").IsFine("bo").After(60).IsFine("ada").IsFine("bo").After(50);
      first.write(call);
      call.After(20);
      second.write(call);
      call.After(5);
      std::vector<std::string> expected;
      if (IsTold(first, second)) expected.push_back(first.cause);
      if (IsTold(second, first) && !FollowsFrom(second.cause, first.cause)) {
        expected.push_back(second.cause);
      }
      EXPECT_THAT(call.Causes(3), ::testing::UnorderedElementsAreArray(expected))
          << first.cause << ", then " << second.cause;
    }
  }
}

}  // namespace
}  // namespace confab::logs
