// The headless participant: clips from files, and what it reads of a server's messages.

#include <array>
#include <boost/json/parser.hpp>
#include <vector>

#include "base/check.h"
#include "client/media/encoded_clip.h"
#include "client/media/vp8_packetizer.h"
#include "client/signaling/publish_parameters.h"
#include "client/signaling/remote_transport.h"
#include "fuzz/fuzz_target.h"
#include "rtc/codec/vp8_descriptor.h"

namespace confab::client {
namespace {

namespace json = boost::json;

// Cut into payloads and joined again, a frame is what it was.
void Packetize(BytesView frame, uint16_t picture_id) {
  std::vector<uint8_t> joined;
  std::array<uint8_t, Vp8Packetizer::kMaxPayload> buffer;
  for (Vp8Packetizer packetizer(frame, picture_id); !packetizer.done();) {
    const BytesView payload = BytesView(buffer).first(packetizer.Write(buffer));
    const auto descriptor = rtc::ParseVp8Descriptor(payload);
    CHECK(descriptor && descriptor->starts_frame() == joined.empty());
    CHECK(descriptor->picture_id == (picture_id & 0x7fff));
    const BytesView piece = payload.subspan(descriptor->size);
    joined.insert(joined.end(), piece.begin(), piece.end());
  }
  CHECK(std::ranges::equal(joined, frame));
}

void Clip(BytesView file) {
  const auto clip = ParseIvf(file);
  if (!clip) return CHECK(!clip.error().message.empty());
  CHECK(!clip->frames.empty() && clip->frames.front().keyframe);
  CHECK(clip->frame_interval > TimeDelta());
  uint16_t picture_id = 0x7ffe;
  for (const EncodedFrame& frame : clip->frames) Packetize(frame.bytes, picture_id++);
}

void Message(std::string_view text) {
  json::parser parser;
  boost::system::error_code error;
  parser.write(text.data(), text.size(), error);
  if (error) return;
  const json::value value = parser.release();
  if (const auto remote = ParseRemoteTransport(value)) {
    CHECK(!remote->candidates.empty() && !remote->fingerprints.empty());
    CHECK(remote->candidates.size() <= RemoteTransport::kMaxCandidates);
  }
  const auto chosen = ChooseParameters(
      value, "video/VP8",
      {.ssrc = rtc::Ssrc(1), .rtx_ssrc = rtc::Ssrc(2), .mid = "0", .cname = "someone"});
  if (chosen) CHECK(chosen->clock_rate_hz > 0 && chosen->stream.payload_type.value() <= 127);
}

}  // namespace

CONFAB_FUZZ_TARGET(client) {
  Clip(input);
  Message(AsText(input));
}

}  // namespace confab::client
