#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"

namespace confab::fuzz {

// Builds an input as support/input.h takes it apart.
class Seed {
 public:
  Seed& U8(uint8_t value) { return Number(value, 1); }
  Seed& U16(uint16_t value) { return Number(value, 2); }
  Seed& U32(uint32_t value) { return Number(value, 4); }
  Seed& U64(uint64_t value) { return Number(value, 8); }
  Seed& Bytes(BytesView bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  Seed& Piece(BytesView bytes) { return U16(static_cast<uint16_t>(bytes.size())).Bytes(bytes); }

  // As the file `name` of the target's corpus.
  void Save(const std::string& target, const std::string& name) const {
    const std::filesystem::path folder = std::filesystem::path("fuzz/corpus") / target;
    std::filesystem::create_directories(folder);
    std::ofstream stream(folder / name, std::ios::binary);
    const std::string_view text = AsText(bytes_);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    CHECK(stream.good());
  }

 private:
  Seed& Number(uint64_t value, int octets) {
    for (int i = octets - 1; i >= 0; --i) bytes_.push_back(static_cast<uint8_t>(value >> (8 * i)));
    return *this;
  }

  std::vector<uint8_t> bytes_;
};

// Each writes the seeds of the targets named after it.
void WriteStunSeeds();    // stun, framing
void WriteRtpSeeds();     // rtp_header, codec, srtp
void WriteRtcpSeeds();    // rtcp, transport_feedback
void WriteCallSeeds();    // datagram, session, plain_session, worker
void WriteClientSeeds();  // client

}  // namespace confab::fuzz
