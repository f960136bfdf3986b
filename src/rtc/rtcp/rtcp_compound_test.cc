#include "rtc/rtcp/rtcp_compound.h"

#include <gtest/gtest.h>

#include "rtc/rtcp/rtcp_test_support.h"

namespace confab::rtc {
namespace {

// Notes what it is shown.
struct Recorder {
  std::string seen;
  void operator()(const SenderReport&) { seen += "SR "; }
  void operator()(const ReceiverReport&) { seen += "RR "; }
  void operator()(const Sdes& sdes) { seen += "SDES:" + std::string(sdes.chunks[0].cname) + " "; }
  void operator()(const Bye&) { seen += "BYE "; }
  void operator()(const Nack&) { seen += "NACK "; }
  void operator()(const Pli&) { seen += "PLI "; }
  void operator()(const Fir&) { seen += "FIR "; }
  void operator()(const Remb&) { seen += "REMB "; }
  void operator()(const TransportFeedback&) { seen += "TCC "; }
  void operator()(const ExtendedReport&) { seen += "XR "; }
};

constexpr const char* kSenderReport =
    "80c80006 cafebabe 11111111 22222222 33333333 00000004 00000005";
constexpr const char* kReceiverReport = "80c90001 cafebabe";
constexpr const char* kSdes = "81ca0003 cafebabe 01036162 63000000";
constexpr const char* kBye = "81cb0001 cafebabe";
constexpr const char* kNack = "81cd0003 cafebabe 00000002 00648001";
constexpr const char* kPli = "81ce0002 cafebabe 00000002";
constexpr const char* kFir = "84ce0004 cafebabe 00000000 00000002 07000000";
constexpr const char* kRemb = "8fce0004 cafebabe 00000000 52454d42 00220000";
constexpr const char* kTransportCc = "8fcd0005 cafebabe 00000002 00010001 00000100 20014000";
constexpr const char* kExtendedReport = "80cf0004 cafebabe 04000002 01020304 05060708";
constexpr const char* kApp = "80cc0002 cafebabe 6e616d65";
constexpr const char* kUnknownType = "80d20001 cafebabe";
constexpr const char* kUnknownFeedback = "83cd0002 cafebabe 00000002";
constexpr const char* kOtherApplication = "8fce0003 cafebabe 00000000 01020304";

ByteVector Compound(std::initializer_list<const char*> packets) {
  ByteVector all;
  for (const char* packet : packets) {
    const ByteVector bytes = Hex(packet);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return all;
}

struct Walk {
  RtcpResult result;
  std::string seen;
};

Walk Visit(BytesView packet) {
  Recorder recorder;
  const RtcpResult result = ForEachRtcp(packet, recorder);
  return {result, recorder.seen};
}

TEST(RtcpCompound, ShowsEveryStructureInOrder) {
  const Walk walk = Visit(Compound({kSenderReport, kSdes, kReceiverReport, kNack, kTransportCc,
                                    kPli, kFir, kRemb, kExtendedReport, kBye}));
  EXPECT_EQ(walk.result, RtcpResult::kOk);
  EXPECT_EQ(walk.seen, "SR SDES:abc RR NACK TCC PLI FIR REMB XR BYE ");
}

TEST(RtcpCompound, TakesReducedSize) {
  const Walk walk = Visit(Compound({kPli}));
  EXPECT_EQ(walk.result, RtcpResult::kOk);
  EXPECT_EQ(walk.seen, "PLI ");
}

TEST(RtcpCompound, StepsOverWhatItDoesNotKnow) {
  const Walk walk =
      Visit(Compound({kApp, kUnknownType, kUnknownFeedback, kOtherApplication, kReceiverReport}));
  EXPECT_EQ(walk.result, RtcpResult::kOk);
  EXPECT_EQ(walk.seen, "RR ");
}

TEST(RtcpCompound, LeavesOutABrokenStructureAndGoesOn) {
  // The receiver report claims a block that it does not have.
  const Walk walk = Visit(Compound({"81c90001 cafebabe", kPli}));
  EXPECT_EQ(walk.result, RtcpResult::kMalformed);
  EXPECT_EQ(walk.seen, "PLI ");
}

TEST(RtcpCompound, EndsAtABrokenLength) {
  const Walk walk = Visit(Compound({kReceiverReport, "81ce0009 cafebabe 00000002"}));
  EXPECT_EQ(walk.result, RtcpResult::kMalformed);
  EXPECT_EQ(walk.seen, "RR ");
  EXPECT_EQ(Visit({}).result, RtcpResult::kMalformed);
  EXPECT_EQ(Visit(Hex("41c90001 cafebabe")).result, RtcpResult::kMalformed) << "version 1";
}

TEST(RtcpCompound, RemovesPadding) {
  const Walk walk = Visit(Hex("a1ce0003 cafebabe 00000002 00000004"));
  EXPECT_EQ(walk.result, RtcpResult::kOk);
  EXPECT_EQ(walk.seen, "PLI ");
  for (const char* padding : {"00000000", "0000000d", "000000ff"}) {
    EXPECT_EQ(Visit(Concat({Hex("a1ce0003 cafebabe 00000002"), Hex(padding)})).result,
              RtcpResult::kMalformed)
        << padding;
  }
}

TEST(RtcpCompound, ParsesOnlyWhatTheVisitorAsksFor) {
  int plis = 0;
  const auto count_plis = [&plis](const Pli&) { ++plis; };
  // The receiver report is broken, and nobody looks at it.
  EXPECT_EQ(ForEachRtcp(Compound({"81c90001 cafebabe", kPli, kPli}), count_plis), RtcpResult::kOk);
  EXPECT_EQ(plis, 2);
}

TEST(RtcpCompound, SurvivesEveryTruncationAndNoise) {
  const ByteVector all = Compound({kSenderReport, kSdes, kReceiverReport, kNack, kTransportCc, kPli,
                                   kFir, kRemb, kExtendedReport, kBye, kApp});
  const auto walk = [](BytesView bytes) {
    size_t sum = 0;
    const auto read = [&sum](const auto& structure) {
      using T = std::decay_t<decltype(structure)>;
      if constexpr (std::is_same_v<T, Nack>) {
        structure.ForEachSequence([&sum](uint16_t sequence) { sum += sequence; });
      } else if constexpr (std::is_same_v<T, TransportFeedback>) {
        structure.ForEachStatus([&sum](const PacketStatus& s) { sum += s.sequence_number; });
      } else if constexpr (std::is_same_v<T, Sdes>) {
        for (const auto& chunk : structure.chunks) sum += chunk.cname.size();
      }
    };
    (void)ForEachRtcp(bytes, read);
  };
  ForEachTruncation(all, walk);
  ForEachRandomInput(21, 20'000, 100, all, walk);
}

}  // namespace
}  // namespace confab::rtc
