#include <array>

#include "fuzz/seeds/seed_writer.h"
#include "rtc/codec/codec_type.h"
#include "rtc/rtp/rtp_writer.h"

namespace confab::fuzz {
namespace {

using rtc::CodecType;
using rtc::ExtensionElement;

constexpr std::array<uint8_t, 1> kLevel = {0x85};
constexpr std::array<uint8_t, 2> kSequence = {0x12, 0x34};
constexpr std::array<uint8_t, 3> kDependency = {0x81, 0x00, 0x07};
constexpr std::array<uint8_t, 16> kCaptureTime = {0xe4, 1, 2, 3, 4, 5, 6, 7};
constexpr std::array<uint8_t, 40> kLong = {'l', 'o', 'n', 'g'};

std::vector<uint8_t> Packet(std::span<const rtc::Ssrc> csrcs,
                            std::span<const ExtensionElement> extensions, BytesView payload) {
  const rtc::RtpHeaderFields fields{.marker = true,
                                    .payload_type = rtc::PayloadType(96),
                                    .sequence_number = 0x1234,
                                    .timestamp = 90'000,
                                    .ssrc = rtc::Ssrc(2000),
                                    .csrcs = csrcs,
                                    .extensions = extensions};
  std::vector<uint8_t> packet(rtc::RtpHeaderSize(fields));
  CHECK(rtc::WriteRtpHeader(fields, packet) == packet.size());
  packet.insert(packet.end(), payload.begin(), payload.end());
  return packet;
}

std::vector<uint8_t> OneByteForm() {
  const ExtensionElement elements[] = {{1, AsBytes("video")}, {3, kSequence},   {4, kLevel},
                                       {5, AsBytes("q")},     {8, kDependency}, {9, kCaptureTime}};
  return Packet({}, elements, AsBytes("payload"));
}

std::vector<uint8_t> TwoByteForm() {
  const ExtensionElement elements[] = {{1, AsBytes("audio")}, {20, {}}, {200, kLong}};
  const rtc::Ssrc csrcs[] = {rtc::Ssrc(7), rtc::Ssrc(8)};
  return Packet(csrcs, elements, AsBytes("payload"));
}

void WriteHeaders() {
  Seed().Bytes(Packet({}, {}, AsBytes("payload"))).Save("rtp_header", "plain");
  Seed().Bytes(OneByteForm()).Save("rtp_header", "one_byte_form");
  Seed().Bytes(TwoByteForm()).Save("rtp_header", "two_byte_form");
  std::vector<uint8_t> padded = Packet({}, {}, {});
  padded[0] |= 0x20;
  padded.insert(padded.end(), {0, 0, 0, 4});
  Seed().Bytes(padded).Save("rtp_header", "padding_only");
}

Seed Codec(CodecType codec) {
  // The codec, the marker, new numbers, and how much of the rest is the dependency descriptor.
  return Seed()
      .U8(static_cast<uint8_t>(codec))
      .U8(1)
      .U16(0x1234)
      .U8(5)
      .U8(codec == CodecType::kAv1 ? 3 : 0);
}

void WriteCodecs() {
  constexpr std::array<uint8_t, 8> kVp8Full = {0x90, 0xf0, 0x81, 0x02, 0x03, 0x60, 0x00, 0x9d};
  constexpr std::array<uint8_t, 2> kVp8Short = {0x10, 0x01};
  constexpr std::array<uint8_t, 6> kVp9 = {0xac, 0x81, 0x02, 0x21, 0x05, 0x82};
  constexpr std::array<uint8_t, 6> kVp9Flexible = {0xf8, 0x01, 0x20, 0x03, 0x04, 0x82};
  constexpr std::array<uint8_t, 14> kVp9Structure = {0x8a, 0x01, 0x38, 0x02, 0x80, 0x01, 0x68,
                                                     0x05, 0x00, 0x02, 0xd0, 0x01, 0x04, 0x01};
  constexpr std::array<uint8_t, 9> kStapA = {0x78, 0, 2, 0x67, 0x42, 0, 2, 0x68, 0xce};
  constexpr std::array<uint8_t, 3> kFuA = {0x7c, 0x85, 0xb8};
  constexpr std::array<uint8_t, 6> kAv1 = {0x81, 0x00, 0x07, 0x18, 0x0a, 0x0b};
  Codec(CodecType::kVp8).Bytes(kVp8Full).Save("codec", "vp8_full");
  Codec(CodecType::kVp8).Bytes(kVp8Short).Save("codec", "vp8_short");
  Codec(CodecType::kVp9).Bytes(kVp9).Save("codec", "vp9");
  Codec(CodecType::kVp9).Bytes(kVp9Flexible).Save("codec", "vp9_flexible");
  Codec(CodecType::kVp9).Bytes(kVp9Structure).Save("codec", "vp9_structure");
  Codec(CodecType::kH264).Bytes(kStapA).Save("codec", "h264_stap_a");
  Codec(CodecType::kH264).Bytes(kFuA).Save("codec", "h264_fu_a");
  Codec(CodecType::kAv1).Bytes(kAv1).Save("codec", "av1");
}

void WriteSrtp() {
  constexpr std::array<uint8_t, 48> kRtcp = {0x81, 201, 0, 7, 0, 0, 7, 0xd0};
  for (uint8_t profile = 0; profile < 3; ++profile) {
    const std::string number = std::to_string(profile);
    Seed()
        .U8(profile)
        .U8(0)
        .U8(0)
        .Piece(OneByteForm())
        .Piece(TwoByteForm())
        .Save("srtp", "rtp_" + number);
    Seed().U8(profile).U8(1).U8(0).Piece(kRtcp).Save("srtp", "rtcp_" + number);
  }
  Seed().U8(1).U8(0).U8(1).Piece(OneByteForm()).Save("srtp", "rtp_null");
}

}  // namespace

void WriteRtpSeeds() {
  WriteHeaders();
  WriteCodecs();
  WriteSrtp();
}

}  // namespace confab::fuzz
