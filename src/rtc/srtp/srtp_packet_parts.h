#pragma once

#include <optional>

#include "base/bytes.h"
#include "rtc/srtp/srtp_engine.h"
#include "rtc/srtp/srtp_layout.h"

namespace confab::rtc {

// A protected packet cut into the pieces of srtp_layout.h; views into the job's memory.
struct SrtpPacketParts {
  MutableBytes header;
  MutableBytes payload;  // encrypted or to be encrypted
  MutableBytes tag;
  MutableBytes trailer;  // E flag and index; empty for RTP and where all is clear
  bool encrypted = true;

  size_t plain_size() const { return header.size() + payload.size(); }
};

// Cuts up a received packet. nullopt: too short for its header size, or its SRTCP index is not the
// job's.
std::optional<SrtpPacketParts> SplitForOpen(SrtpProfile profile, const OpenJob& job);

// Lays out a packet to seal, writes the SRTCP trailer (always with E = 1) and sets sealed_size.
// CHECKs that everything fits and that the index is in range.
SrtpPacketParts LayOutForSeal(SrtpProfile profile, SealJob& job);

}  // namespace confab::rtc
