#include "rtc/session/feedback.h"

#include <array>

#include "rtc/rtcp/nack.h"
#include "rtc/rtcp/pli.h"

namespace confab::rtc {
namespace {

constexpr size_t kPliSize = 12;
// Header, two ssrcs and the items.
constexpr size_t kMaxNackSize = 12 + kMaxNackItems * Nack::kItemSize;

}  // namespace

void AdmitNack(Session& session, Ssrc media, std::span<const uint16_t> sequences) {
  while (!sequences.empty()) {
    std::array<uint8_t, kMaxNackSize> packet;
    ByteWriter writer(packet);
    sequences = sequences.subspan(WriteNack(writer, session.rtcp_ssrc(), media, sequences));
    session.AdmitRtcp(writer.written());
  }
}

void AdmitPli(Session& session, Ssrc media) {
  std::array<uint8_t, kPliSize> packet;
  ByteWriter writer(packet);
  Pli{.sender = session.rtcp_ssrc(), .media = media}.Write(writer);
  session.AdmitRtcp(writer.written());
}

}  // namespace confab::rtc
