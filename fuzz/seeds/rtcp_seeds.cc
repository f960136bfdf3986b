#include <array>

#include "fuzz/seeds/seed_writer.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "rtc/rtcp/transport_feedback_generator.h"

namespace confab::fuzz {
namespace {

using rtc::Ssrc;

template <typename T>
std::vector<uint8_t> Written(const T& structure) {
  std::array<uint8_t, 1500> buffer;
  ByteWriter writer(buffer);
  structure.Write(writer);
  CHECK(writer.ok());
  return {writer.written().begin(), writer.written().end()};
}

std::vector<uint8_t> WrittenNack() {
  constexpr std::array<uint16_t, 5> kMissing = {100, 101, 116, 117, 200};
  std::array<uint8_t, 100> buffer;
  ByteWriter writer(buffer);
  CHECK(rtc::WriteNack(writer, Ssrc(1), Ssrc(2), kMissing) == kMissing.size());
  return {writer.written().begin(), writer.written().end()};
}

std::vector<uint8_t> WrittenFeedback() {
  rtc::TransportFeedbackGenerator generator;
  Timestamp now = Timestamp::Millis(1000);
  for (uint16_t i = 0; i < 40; ++i, now = now + TimeDelta::Millis(7)) {
    if (i % 9 != 4) generator.OnPacket(static_cast<uint16_t>(65'520 + i), now);
  }
  std::array<uint8_t, 400> buffer;
  const size_t size = generator.Write(now + TimeDelta::Seconds(1), Ssrc(1), Ssrc(2), buffer);
  CHECK(size > 0);
  return {buffer.begin(), buffer.begin() + static_cast<ptrdiff_t>(size)};
}

}  // namespace

void WriteRtcpSeeds() {
  const rtc::ReportBlock block{.ssrc = Ssrc(2),
                               .fraction_lost_q8 = 3,
                               .cumulative_lost = -4,
                               .extended_highest_sequence = 70'000,
                               .jitter = 6,
                               .last_sender_report = 7,
                               .delay_since_report_q16 = 8};
  const auto sender_report = Written(rtc::SenderReport{
      .sender = Ssrc(1), .ntp = NtpTime(0x1234'5678'9abc'def0), .reports = {block}});
  const auto sdes = Written(rtc::Sdes{.chunks = {{Ssrc(1), "someone"}, {Ssrc(2), ""}}});
  const auto feedback = WrittenFeedback();
  Seed().Bytes(sender_report).Bytes(sdes).Bytes(feedback).Save("rtcp", "compound");
  Seed().Bytes(Written(rtc::ReceiverReport{Ssrc(1), {block, block}})).Save("rtcp", "rr");
  Seed().Bytes(Written(rtc::Bye{{Ssrc(1), Ssrc(2)}})).Save("rtcp", "bye");
  Seed().Bytes(Written(rtc::Pli{Ssrc(1), Ssrc(2)})).Bytes(WrittenNack()).Save("rtcp", "pli_nack");
  Seed().Bytes(Written(rtc::Fir{Ssrc(1), {{Ssrc(2), 3}}})).Save("rtcp", "fir");
  Seed()
      .Bytes(Written(rtc::Remb{Ssrc(1), DataRate::KilobitsPerSecond(2500), {Ssrc(2)}}))
      .Save("rtcp", "remb");
  Seed()
      .Bytes(Written(rtc::ExtendedReport{Ssrc(1), NtpTime(0x1234'5678'9abc'def0)}))
      .Save("rtcp", "xr");
  // One parser's body: which, the count, the rest.
  Seed().U8(5).U8(15).Bytes(BytesView(feedback).subspan(4)).Save("rtcp", "body_feedback");
  Seed().U8(2).U8(2).Bytes(BytesView(sdes).subspan(4)).Save("rtcp", "body_sdes");

  // Packets one after another, a jump back, a long wait, a new start, a report.
  Seed().U64(0x4850'5058'3848'5048).U8(0x20).U16(0x40ff).Save("transport_feedback", "reordered");
  Seed()
      .U8(0x00)
      .U16(65'530)
      .U64(0x4848'4848'4848'4848)
      .U8(0x10)
      .U16(5000)
      .U32(0xff48'2080)
      .Save("transport_feedback", "wrap_and_wait");
  Seed()
      .U32(0x4848'4848)
      .U8(0x00)
      .U16(30'000)
      .U32(0x4848'2000)
      .U32(0x2040'4040)
      .Save("transport_feedback", "new_start");
}

}  // namespace confab::fuzz
