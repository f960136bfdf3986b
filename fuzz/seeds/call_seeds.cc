#include <array>

#include "fuzz/seeds/seed_writer.h"
#include "rtc/rtcp/pli.h"
#include "rtc/rtcp/receiver_report.h"
#include "rtc/rtp/rtp_writer.h"

namespace confab::fuzz {
namespace {

constexpr size_t kTag = 16;
constexpr uint8_t kWithStreams = 3;  // of targets/session.cc; kWithMedia of targets/worker.cc

// As it comes off the wire for support/one_seal_engine.h.
std::vector<uint8_t> Rtp(uint16_t sequence) {
  constexpr std::array<uint8_t, 2> kTransportSequence = {0, 7};
  constexpr std::array<uint8_t, 3> kDependency = {0x81, 0x00, 0x07};
  // Ids are RtpExtension's order and one (targets/session.cc).
  const rtc::ExtensionElement elements[] = {
      {1, AsBytes("video")}, {5, kTransportSequence}, {11, kDependency}};
  const rtc::RtpHeaderFields fields{.payload_type = rtc::PayloadType(96),
                                    .sequence_number = sequence,
                                    .timestamp = 90'000,
                                    .ssrc = rtc::Ssrc(2000),
                                    .csrcs = {},
                                    .extensions = elements};
  std::vector<uint8_t> packet(rtc::RtpHeaderSize(fields));
  CHECK(rtc::WriteRtpHeader(fields, packet) == packet.size());
  constexpr std::array<uint8_t, 8> kVp8 = {0x90, 0x80, 0x81, 0x02, 0x00, 0x9d, 0x01, 0x2a};
  packet.insert(packet.end(), kVp8.begin(), kVp8.end());
  packet.resize(packet.size() + kTag);
  return packet;
}

std::vector<uint8_t> PlainRtcp() {
  std::array<uint8_t, 200> buffer;
  ByteWriter writer(buffer);
  rtc::ReceiverReport{rtc::Ssrc(1), {{.ssrc = rtc::Ssrc(1000)}}}.Write(writer);
  rtc::Pli{rtc::Ssrc(1), rtc::Ssrc(1000)}.Write(writer);
  return {writer.written().begin(), writer.written().end()};
}

std::vector<uint8_t> Rtcp(uint32_t index) {
  std::vector<uint8_t> packet = PlainRtcp();
  packet.resize(packet.size() + kTag + 4);
  StoreU32(&packet[packet.size() - 4], index);
  return packet;
}

void WriteDatagrams() {
  // A flight of three datagrams.
  Seed()
      .U8(1)
      .Piece(AsBytes("one"))
      .Piece(AsBytes("two"))
      .Piece(AsBytes("three"))
      .Save("datagram", "flight");
  for (uint8_t server = 0; server < 2; ++server) {
    Seed seed;
    // The role, the MTU; then what the peer says unchanged, and what we answer.
    seed.U8(0).U8(server).U8(118);
    for (int i = 0; i < 4; ++i) seed.U8(1).U16(0).U8(0).U8(2);
    seed.U8(3).U16(20).U8(1).U16(13).U8(0x40);
    seed.Save("datagram", server == 1 ? "handshake_as_server" : "handshake_as_client");
  }
  constexpr std::array<uint8_t, 13> kRecord = {22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  Seed().U8(0).U8(1).U8(0).U8(0).Piece(kRecord).U8(3).U16(4000).Save("datagram", "empty_record");
}

void WriteSession() {
  for (uint8_t state = 0; state <= kWithStreams; ++state) {
    Seed()
        .U8(state)
        .U8(0)
        .U8(0)
        .Piece(Rtp(100))  // a packet
        .U8(2)
        .Piece(Rtp(101))
        .U8(1)
        .Piece(Rtp(102))  // a batch with a copy
        .U8(0)
        .U8(0)
        .Piece(Rtcp(1))  // a report
        .U8(3)
        .U8(1)
        .U8(1)
        .U32(0x6e7f00ff)  // a check over another path
        .U8(5)
        .U8(0)
        .U8(1)
        .U8(2)
        .U32(90'000)  // the packet goes out
        .U8(7)
        .Piece(PlainRtcp())  // so does a report
        .U8(6)               // now
        .U8(4)
        .U16(300)  // feedback is due
        .U8(6)
        .U8(8)  // an ICE restart
        .U8(4)
        .U16(31'000)  // too long a silence
        .Save("session", "state_" + std::to_string(state));
  }
  Seed()
      .U8(kWithStreams)
      .U8(0)
      .U8(0)
      .Piece(Rtp(100))
      .U8(5)
      .U8(0)
      .U8(1)
      .U8(4)
      .U32(1)
      .U8(5)
      .U8(0)
      .U8(3)
      .U8(1)
      .U32(2)
      .U8(5)
      .U8(0)
      .U8(254)
      .U8(0)
      .U32(3)
      .U8(10)
      .U8(0)
      .U8(5)
      .U8(0)
      .U8(1)
      .U8(0)
      .U32(4)
      .U8(6)
      .U8(9)
      .U32(2000)
      .Save("session", "gaps_and_late_ones");
}

// The first octet: learned, two ports, SRTP.
void WritePlainSession() {
  for (uint8_t made = 0; made < 8; ++made) {
    Seed seed;
    seed.U8(made).U8(3).U8(4);                               // keys and address
    seed.U8(0).U8(0).U8(2).Piece(Rtp(100));                  // from outside
    seed.U8(1).U8(1).U8(0).U8(0).Piece(Rtp(100));            // a batch from two
    seed.U8(0).U8(1).Piece(Rtp(101));                        // sources
    seed.U8(0).U8(1).U8(1).Piece(Rtcp(1));                   // RTCP to the second socket
    seed.U8(0).U8(0).U8(0).Piece(PlainRtcp());               // and to the first
    seed.U8(2).U8(1).U8(5).U16(300).U8(2).U8(1);             // sent, later, sent again
    seed.U8(0).U8(0).U8(0).Piece(AsBytes("\x01STUN-like"));  // neither
    seed.Save("plain_session", "made_" + std::to_string(made));
  }
}

// One packet of media: flags, step of the sequence, audio level, time, what follows the header.
void Media(Seed& seed, uint8_t flags, BytesView payload) {
  seed.U8(1).U8(flags).U8(1).U8(0x85).U32(90'000).Piece(payload);
}

void WriteWorker() {
  constexpr std::array<uint8_t, 8> kKeyframe = {0x90, 0x80, 0x81, 0x02, 0x00, 0x9d, 0x01, 0x2a};
  constexpr std::array<uint8_t, 6> kInterframe = {0x90, 0x80, 0x81, 0x03, 0x01, 0x02};
  for (uint8_t state = 0; state <= kWithStreams; ++state) {
    for (uint8_t variant = 0; variant < 3; ++variant) {
      Seed seed;
      seed.U8(state).U8(variant);
      Media(seed, 4 | 8 | 16, kKeyframe);
      Media(seed, 4 | 8, kInterframe);
      Media(seed, 1 | 4, AsBytes("opus"));
      seed.U8(6).U8(10).U8(1).U8(1).U16(0).U8(10).U8(0).U8(0).U16(0);  // a NACK, a PLI
      seed.U8(10).U8(2).U8(0).U8(3).U32(4).U32(5).U16(0);              // a report
      seed.U8(6).U8(3).U8(1).Piece(PlainRtcp()).U8(5).U16(1100);
      seed.U8(7).U8(0).U8(4).U8(7).U8(0).U8(5);  // the consumer pauses and goes on
      Media(seed, 16, kKeyframe);
      seed.U8(6).U8(7).U8(0).U8(6).U8(5).U16(31'000);
      seed.Save("worker", "state_" + std::to_string(state) + "_" + std::to_string(variant));
    }
  }
  // Early media, then its producer; a consumer that comes late; the sender leaves and comes back.
  Seed early;
  early.U8(2).U8(0);
  Media(early, 4 | 16, kKeyframe);
  early.U8(7).U8(0).U8(0).U8(7).U8(0).U8(1).U8(6).U8(8).U8(0).U8(0).U8(9).U8(0);
  early.U8(0).U8(2).U8(0).Piece(Rtp(7)).U8(8).U8(1).U8(1).U8(8).U8(0).U8(3);
  early.Save("worker", "early_media");
}

}  // namespace

void WriteCallSeeds() {
  WriteDatagrams();
  WriteSession();
  WritePlainSession();
  WriteWorker();
}

}  // namespace confab::fuzz
