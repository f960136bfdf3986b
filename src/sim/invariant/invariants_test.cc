// For each invariant a bug that breaks it, planted from outside.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "sim/run/simulation.h"

namespace confab::sim {
namespace {

using rtc::SrtpKind;

// The sentence of the invariant that a run breaks, after its name.
std::string BrokenIn(Simulation& simulation) {
  simulation.Run();
  const Report report = simulation.MakeReport();
  return report.violation ? report.violation->invariant + ": " + report.violation->sentence : "";
}

std::string Broken(Faults& faults, const Scenario& scenario) {
  Simulation simulation(scenario, {.seed = 1, .faults = &faults});
  return BrokenIn(simulation);
}

std::string Broken(Faults& faults, std::string_view scenario = "calm") {
  return Broken(faults, *MakeScenario(scenario, 1, TimeDelta::Seconds(20)));
}

// Two people who only talk. The first vanishes after two seconds, and there is time to notice it.
Scenario Vanishing() {
  Scenario scenario = *MakeScenario("calm", 1, TimeDelta::Seconds(40));
  scenario.participants.resize(2);
  for (ParticipantPlan& plan : scenario.participants) plan.video.reset();
  scenario.actions = {{.at = TimeDelta(), .who = 0},
                      {.at = TimeDelta::Millis(200), .who = 1},
                      {.at = TimeDelta::Seconds(2), .kind = ActionKind::kVanish, .who = 0}};
  return scenario;
}

// Seals the hundredth packet of all under the index of the one before it.
class RepeatingEngine final : public rtc::SrtpEngine {
 public:
  explicit RepeatingEngine(rtc::SrtpEngine& engine) : engine_(engine) {}
  std::unique_ptr<rtc::SrtpKeys> PrepareKeys(const rtc::SrtpMasterKey& master) override {
    return engine_.PrepareKeys(master);
  }
  void Open(std::span<rtc::OpenJob> jobs) override { engine_.Open(jobs); }
  void Seal(std::span<rtc::SealJob> jobs) override {
    for (rtc::SealJob& job : jobs) {
      if (job.kind == kind_ && ++sealed_ == 100) --job.index;
    }
    engine_.Seal(jobs);
  }
  void set_kind(SrtpKind kind) { kind_ = kind; }

 private:
  rtc::SrtpEngine& engine_;
  SrtpKind kind_ = SrtpKind::kRtp;
  int sealed_ = 0;
};

TEST(Invariants, HoldWhereNothingIsBroken) {
  Faults none;
  EXPECT_EQ(Broken(none), "");
  EXPECT_EQ(Broken(none, "churn"), "");
  EXPECT_EQ(Broken(none, Vanishing()), "");
}

TEST(Invariants, FindAnIndexThatIsSealedTwice) {
  struct : Faults {
    std::unique_ptr<rtc::SrtpEngine> WrapEngine(rtc::SrtpEngine& checked) override {
      auto engine = std::make_unique<RepeatingEngine>(checked);
      engine->set_kind(kind);
      return engine;
    }
    SrtpKind kind = SrtpKind::kRtp;
  } faults;
  EXPECT_THAT(Broken(faults), testing::StartsWith("sealed-once: SRTP index"));
  faults.kind = SrtpKind::kRtcp;
  EXPECT_THAT(Broken(faults), testing::StartsWith("sealed-once: SRTCP index"));
}

// Does something to the packets of the server, once it has sent a thousand.
class PacketFault : public Faults {
 public:
  using Do = std::function<void(Timestamp, std::vector<ServerPacket>&)>;
  explicit PacketFault(Do what) : do_(std::move(what)) {}
  void OnServerPackets(Timestamp now, std::vector<ServerPacket>& packets) override {
    sent_ += packets.size();
    if (sent_ > 1000) do_(now, packets);
  }

 private:
  Do do_;
  size_t sent_ = 0;
};

bool IsMedia(const ServerPacket& packet) {
  return packet.kind == SrtpKind::kRtp && packet.prefix.empty();
}

TEST(Invariants, FindAPacketThatIsSentTwice) {
  PacketFault faults([](Timestamp, std::vector<ServerPacket>& packets) {
    if (IsMedia(packets.back())) packets.push_back(packets.back());
  });
  EXPECT_THAT(Broken(faults), testing::AllOf(testing::StartsWith("numbering: consumer-"),
                                             testing::EndsWith("twice")));
}

TEST(Invariants, FindAGapWithoutLoss) {
  PacketFault faults([](Timestamp, std::vector<ServerPacket>& packets) {
    if (IsMedia(packets.front())) packets.erase(packets.begin());
  });
  EXPECT_THAT(Broken(faults), testing::EndsWith("though the server had the packets"));
}

// Loses a packet of each of so many streams to the first person, of which one shall have been
// withheld from a path on trial.
std::string BrokenByGaps(size_t streams) {
  const Simulation* running = nullptr;
  std::set<rtc::Ssrc> lost;
  PacketFault faults([&](Timestamp now, std::vector<ServerPacket>& packets) {
    if (now <= Timestamp::Millis(1'005'000)) return;
    const SocketAddress to = SocketAddress::Ipv4({10, 0, 0, 1}, 5001);
    std::erase_if(packets, [&](const ServerPacket& packet) {
      if (!IsMedia(packet) || packet.path.remote != to || lost.size() == streams) return false;
      if (lost.empty()) {
        running->ledger().TransportAt(to)->session->CountDrop(rtc::DropReason::kUnprovenPath);
      }
      return lost.insert(packet.ssrc).second;
    });
  });
  Simulation simulation(*MakeScenario("calm", 1, TimeDelta::Seconds(8)),
                        {.seed = 1, .faults = &faults});
  running = &simulation;
  return BrokenIn(simulation);
}

TEST(Invariants, FindMoreGapsThanPacketsWereWithheld) {
  EXPECT_EQ(BrokenByGaps(1), "");
  EXPECT_THAT(BrokenByGaps(2), testing::EndsWith("though the server had the packets"));
}

// Two packets of a video come seconds late and are given up while their receiver is on trial.
TEST(Invariants, ExcuseWhatTheServerHasGivenUp) {
  constexpr uint64_t kSeed = 549;
  Simulation simulation(*MakeScenario("random", kSeed, TimeDelta::Seconds(30)), {.seed = kSeed});
  EXPECT_EQ(BrokenIn(simulation), "");
}

TEST(Invariants, FindATimestampThatGoesBack) {
  std::vector<uint8_t> forged;
  PacketFault faults([&forged](Timestamp, std::vector<ServerPacket>& packets) {
    if (!IsMedia(packets.front()) || !forged.empty()) return;
    forged.assign(packets.front().bytes.begin(), packets.front().bytes.end());
    StoreU32(&forged[4], LoadU32(&forged[4]) - 90'000);
    packets.front().bytes = forged;
  });
  EXPECT_THAT(Broken(faults), testing::EndsWith("out of order"));
}

TEST(Invariants, FindARetransmissionOfSomethingElse) {
  std::array<uint8_t, 2> prefix{};
  PacketFault faults([&prefix](Timestamp, std::vector<ServerPacket>& packets) {
    for (ServerPacket& packet : packets) {
      if (packet.prefix.empty()) continue;
      StoreU16(prefix.data(), static_cast<uint16_t>(LoadU16(packet.prefix.data()) - 1));
      packet.prefix = prefix;
    }
  });
  EXPECT_THAT(Broken(faults, "lossy"), testing::EndsWith("with another packet in it"));
}

// That something was withheld excuses no number that lies in no gap.
TEST(Invariants, FindARetransmissionOfWhatWasNotWithheld) {
  const Simulation* running = nullptr;
  std::array<uint8_t, 2> prefix{};
  PacketFault faults([&](Timestamp, std::vector<ServerPacket>& packets) {
    for (ServerPacket& packet : packets) {
      if (packet.prefix.empty()) continue;
      StoreU16(prefix.data(), static_cast<uint16_t>(LoadU16(packet.prefix.data()) + 5000));
      packet.prefix = prefix;
      const TransportEntry* to = running->ledger().TransportAt(packet.path.remote);
      to->session->CountDrop(rtc::DropReason::kUnprovenPath);
    }
  });
  Simulation simulation(*MakeScenario("lossy", 1, TimeDelta::Seconds(8)),
                        {.seed = 1, .faults = &faults});
  running = &simulation;
  EXPECT_THAT(BrokenIn(simulation), testing::EndsWith("with another packet in it"));
}

TEST(Invariants, FindMediaForSomeoneWhoHasLeft) {
  std::optional<ServerPacket> kept;
  std::vector<uint8_t> bytes;
  PacketFault faults([&](Timestamp now, std::vector<ServerPacket>& packets) {
    // Of the fifth one, who leaves after 5 s in `churn`.
    const SocketAddress leaver = SocketAddress::Ipv4({10, 0, 4, 1}, 5001);
    for (const ServerPacket& packet : packets) {
      if (packet.kind != SrtpKind::kRtcp || packet.path.remote != leaver || kept) continue;
      bytes.assign(packet.bytes.begin(), packet.bytes.end());
      kept = packet;
      kept->bytes = bytes;
    }
    if (kept && now > Timestamp::Millis(1'006'000)) packets.push_back(*kept);
  });
  EXPECT_EQ(Broken(faults, "churn"),
            "closed-is-silent: a packet went to transport-4-receive after its close");
}

// What a run breaks in which the server tells of this from 6 s on.
std::string BrokenBy(sfu::WorkerEvent event, std::string_view scenario) {
  struct : Faults {
    void OnServerPackets(Timestamp now, std::vector<ServerPacket>&) override { last = now; }
    void OnWorkerEvents(std::vector<sfu::WorkerEvent>& events) override {
      if (last > Timestamp::Millis(1'006'000)) events.push_back(told);
    }
    sfu::WorkerEvent told;
    Timestamp last;
  } faults;
  faults.told = std::move(event);
  return Broken(faults, scenario);
}

// The fifth one leaves after 5 s in `churn`.
TEST(Invariants, FindAnEventAboutWhatIsClosed) {
  const std::string room = "room";
  const std::string id = "transport-4-send";
  EXPECT_EQ(BrokenBy(sfu::TransportConnected{.router_id = room, .transport_id = id}, "churn"),
            "closed-is-silent: transport-4-send was reported as connected after its close");
  EXPECT_EQ(BrokenBy(sfu::TransportMoved{.router_id = room, .transport_id = id}, "churn"),
            "closed-is-silent: transport-4-send was reported as moved after its close");
  EXPECT_EQ(BrokenBy(sfu::TransportReport{.router_id = room, .transport_id = id}, "churn"),
            "closed-is-silent: transport-4-send was reported on after its close");
}

// Somebody who is there and connected is given up.
TEST(Invariants, FindATransportThatEndsBeforeItsTime) {
  for (const std::string_view reason : {"ice-timeout", "dtls-failed", "dtls-closed"}) {
    const sfu::TransportClosed closed{
        .router_id = "room", .transport_id = "transport-0-send", .reason = reason};
    EXPECT_THAT(BrokenBy(closed, "calm"),
                testing::StartsWith("ends-in-time: transport-0-send was given up ("));
  }
}

TEST(Invariants, FindThatNobodyNoticesWhoHasVanished) {
  struct : Faults {
    bool Oversleeps(Timestamp now) override { return now > Timestamp::Millis(1'002'000); }
  } faults;
  EXPECT_THAT(Broken(faults, Vanishing()),
              testing::MatchesRegex("ends-in-time: transport-0-.* is still there, .*"));
}

TEST(Invariants, FindPacketsThatAreKeptForEver) {
  std::vector<rtc::PacketRef> kept;
  PacketFault faults([&kept](Timestamp, std::vector<ServerPacket>& packets) {
    for (const ServerPacket& packet : packets) kept.push_back(packet.source);
  });
  Simulation simulation(*MakeScenario("calm", 1, TimeDelta::Seconds(20)),
                        {.seed = 1, .faults = &faults});
  simulation.Run();
  ASSERT_TRUE(simulation.MakeReport().violation.has_value());
  EXPECT_EQ(simulation.MakeReport().violation->invariant, "within-limits");
  kept.clear();  // before the pool
}

// In the last moments of one who leaves: the session is gone when somebody looks.
TEST(Invariants, FindADropThatMustNotBe) {
  const Simulation* running = nullptr;
  auto reason = rtc::DropReason::kQueueFull;
  const auto broken = [&] {
    PacketFault faults([&](Timestamp now, std::vector<ServerPacket>&) {
      if (now <= Timestamp::Millis(1'005'000)) return;
      // The fifth one leaves after 5 s in `churn`; the server hears of it 30 ms later.
      const TransportEntry* leaver =
          running->ledger().TransportAt(SocketAddress::Ipv4({10, 0, 4, 1}, 5001));
      if (leaver->is_open()) leaver->session->CountDrop(reason);
    });
    Simulation simulation(*MakeScenario("churn", 1, TimeDelta::Seconds(8)),
                          {.seed = 1, .faults = &faults});
    running = &simulation;
    return BrokenIn(simulation);
  };
  EXPECT_EQ(broken(), "within-limits: the sending queue of a transport that is closed was full");
  reason = rtc::DropReason::kAlreadySealed;
  EXPECT_EQ(broken(),
            "within-limits: a transport that is closed was stopped from sealing an index twice");
}

TEST(Invariants, FindThatSomethingStays) {
  rtc::PacketRef kept;
  PacketFault faults([&kept](Timestamp, std::vector<ServerPacket>& packets) {
    if (!kept) kept = packets.front().source;
  });
  Scenario scenario = *MakeScenario("calm", 1, TimeDelta::Seconds(4));
  Simulation simulation(scenario, {.seed = 1, .faults = &faults});
  simulation.Run();
  ASSERT_TRUE(simulation.MakeReport().violation.has_value());
  EXPECT_EQ(simulation.MakeReport().violation->sentence, "everyone has left, but 1 packets stayed");
  kept = {};
}

// Believed, but never told to the server.
struct Swallowing : Faults {
  explicit Swallowing(ActionKind what) : kind(what) {}
  bool Swallows(ActionKind action) override { return action == kind; }
  ActionKind kind;
};

TEST(Invariants, FindMediaOfTheMuted) {
  Swallowing producer(ActionKind::kPauseProducer);
  // Its client stops sending, so that only what is on its way tells.
  EXPECT_THAT(Broken(producer, "churn"), testing::StartsWith("muted: producer-0-video is paused"));
  Swallowing consumer(ActionKind::kPauseConsumer);
  EXPECT_THAT(Broken(consumer, "churn"), testing::MatchesRegex("muted: consumer-.* is paused.*"));
}

TEST(Invariants, FindMediaThatDoesNotGoOn) {
  Swallowing faults(ActionKind::kResumeProducer);
  EXPECT_THAT(Broken(faults, "churn"), testing::StartsWith("flowing: consumer-"));
}

}  // namespace
}  // namespace confab::sim
