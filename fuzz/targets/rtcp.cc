// RTCP: the walk over a compound, and each kind's parser and writer.

#include <vector>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"
#include "rtc/rtcp/rtcp_compound.h"

namespace confab::rtc {
namespace {

constexpr size_t kMaxCompound = 16 * 1024;

template <typename T>
std::vector<uint8_t> Written(const T& structure) {
  std::vector<uint8_t> bytes(kMaxCompound);
  ByteWriter writer(bytes);
  structure.Write(writer);
  CHECK(writer.ok());
  bytes.resize(writer.size());
  return bytes;
}

template <typename T>
T ParsedAgain(BytesView packet) {
  const auto block = TakeRtcpBlock(packet);
  CHECK(block.has_value());
  CHECK(packet.empty());
  const std::optional<T> parsed = T::Parse(*block);
  CHECK(parsed.has_value());
  return *parsed;
}

struct RoundTrips {
  void operator()(const SenderReport& report) const {
    const auto bytes = Written(report);
    const auto again = ParsedAgain<SenderReport>(bytes);
    CHECK(report.sender == again.sender && report.ntp == again.ntp);
    CHECK(report.rtp_timestamp == again.rtp_timestamp);
    CHECK(report.packet_count == again.packet_count && report.octet_count == again.octet_count);
    CHECK(report.reports == again.reports);
  }
  void operator()(const ReceiverReport& report) const {
    const auto bytes = Written(report);
    const auto again = ParsedAgain<ReceiverReport>(bytes);
    CHECK(report.sender == again.sender && report.reports == again.reports);
  }
  void operator()(const Sdes& sdes) const {
    const auto bytes = Written(sdes);
    CHECK(sdes.chunks == ParsedAgain<Sdes>(bytes).chunks);
  }
  void operator()(const Bye& bye) const {
    const auto bytes = Written(bye);
    CHECK(bye.ssrcs == ParsedAgain<Bye>(bytes).ssrcs);
  }
  void operator()(const Pli& pli) const {
    const auto bytes = Written(pli);
    CHECK(pli == ParsedAgain<Pli>(bytes));
  }
  void operator()(const Fir& fir) const {
    const auto bytes = Written(fir);
    const auto again = ParsedAgain<Fir>(bytes);
    CHECK(fir.sender == again.sender && fir.entries == again.entries);
  }
  void operator()(const Remb& remb) const {
    const auto bytes = Written(remb);
    const auto again = ParsedAgain<Remb>(bytes);
    CHECK(remb.sender == again.sender && remb.ssrcs == again.ssrcs);
    CHECK(remb.bitrate == again.bitrate && remb.bitrate.bps() >= 0);
  }
  void operator()(const ExtendedReport& report) const {
    const auto bytes = Written(report);
    const auto again = ParsedAgain<ExtendedReport>(bytes);
    CHECK(report.sender == again.sender);
    CHECK(report.receiver_reference_time == again.receiver_reference_time);
  }
  // The writer wants ascending numbers, which is promised within an item alone.
  void operator()(const Nack& nack) const {
    for (size_t at = 0; at < nack.items.size(); at += Nack::kItemSize) {
      const Nack one{nack.sender, nack.media, nack.items.subspan(at, Nack::kItemSize)};
      std::vector<uint16_t> numbers;
      one.ForEachSequence([&numbers](uint16_t number) { numbers.push_back(number); });
      std::vector<uint8_t> bytes(64);
      ByteWriter writer(bytes);
      CHECK(WriteNack(writer, one.sender, one.media, numbers) == numbers.size() && writer.ok());
      const auto again = ParsedAgain<Nack>(writer.written());
      CHECK(again.sender == one.sender && again.media == one.media);
      CHECK(std::ranges::equal(again.items, one.items));
    }
  }
  void operator()(const TransportFeedback& feedback) const {
    uint16_t expected = feedback.base_sequence_number;
    size_t count = 0;
    feedback.ForEachStatus([&](const PacketStatus& status) {
      CHECK(status.sequence_number == expected++);
      ++count;
    });
    CHECK(count == feedback.status_count);
  }
};

template <typename T>
void ParseAs(const RtcpBlock& block) {
  if (const auto parsed = T::Parse(block)) RoundTrips()(*parsed);
}

// Each parser alone, with a count that need not fit and a body of any length.
void ParseOne(fuzz::Input input) {
  const size_t kind = input.Below(10);
  const auto count = static_cast<uint8_t>(input.U8() & 0x1f);
  const fuzz::ExactCopy body(input.Rest());
  const RtcpBlock block{.type = {}, .count_or_format = count, .body = body.view()};
  switch (kind) {
    case 0: return ParseAs<SenderReport>(block);
    case 1: return ParseAs<ReceiverReport>(block);
    case 2: return ParseAs<Sdes>(block);
    case 3: return ParseAs<Bye>(block);
    case 4: return ParseAs<Nack>(block);
    case 5: return ParseAs<TransportFeedback>(block);
    case 6: return ParseAs<Pli>(block);
    case 7: return ParseAs<Fir>(block);
    case 8: return ParseAs<Remb>(block);
    case 9: return ParseAs<ExtendedReport>(block);
  }
}

}  // namespace

// The first octet tells a compound (version 2, from 128 on) from one parser's body.
CONFAB_FUZZ_TARGET(rtcp) {
  if (!input.empty() && input[0] < 0x80) return ParseOne(fuzz::Input(input));
  (void)ForEachRtcp(input, RoundTrips());
}

}  // namespace confab::rtc
