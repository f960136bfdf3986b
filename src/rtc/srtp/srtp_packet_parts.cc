#include "rtc/srtp/srtp_packet_parts.h"

#include "base/check.h"

namespace confab::rtc {
namespace {

// `packet` is large enough for header, tag and trailer.
SrtpPacketParts Cut(SrtpProfile profile, SrtpKind kind, MutableBytes packet, size_t header_size) {
  const size_t tag_size = TagSize(profile);
  SrtpPacketParts parts;
  parts.header = packet.first(header_size);
  parts.payload =
      packet.subspan(header_size, packet.size() - header_size - SealOverhead(profile, kind));
  MutableBytes rest = packet.subspan(parts.plain_size());
  if (kind == SrtpKind::kRtp || !HasSrtcpTrailer(profile)) {
    parts.tag = rest;
  } else if (profile == SrtpProfile::kAesCm128HmacSha1_80) {
    parts.trailer = rest.first(kSrtcpTrailerSize);
    parts.tag = rest.last(tag_size);
  } else {
    parts.tag = rest.first(tag_size);
    parts.trailer = rest.last(kSrtcpTrailerSize);
  }
  return parts;
}

}  // namespace

std::optional<SrtpPacketParts> SplitForOpen(SrtpProfile profile, const OpenJob& job) {
  const size_t overhead = SealOverhead(profile, job.kind);
  if (job.packet.size() < overhead || job.packet.size() - overhead < job.header_size) {
    return std::nullopt;
  }
  SrtpPacketParts parts = Cut(profile, job.kind, job.packet, job.header_size);
  if (!parts.trailer.empty()) {
    const uint32_t word = LoadU32(parts.trailer.data());
    parts.encrypted = (word & kSrtcpEncryptedFlag) != 0;
    if ((word & kMaxSrtcpIndex) != job.index) return std::nullopt;
  }
  return parts;
}

SrtpPacketParts LayOutForSeal(SrtpProfile profile, SealJob& job) {
  CHECK(job.prefix_size <= SealJob::kMaxPrefix);
  const size_t size =
      job.header_size + job.prefix_size + job.body.size() + SealOverhead(profile, job.kind);
  CHECK(job.out.size() >= size);
  SrtpPacketParts parts = Cut(profile, job.kind, job.out.first(size), job.header_size);
  if (job.kind == SrtpKind::kRtcp) {
    CHECK(job.index <= kMaxSrtcpIndex);
    const uint32_t word = static_cast<uint32_t>(job.index) | kSrtcpEncryptedFlag;
    if (!parts.trailer.empty()) StoreU32(parts.trailer.data(), word);
  } else {
    CHECK(job.index <= kMaxSrtpIndex);
  }
  job.sealed_size = size;
  return parts;
}

}  // namespace confab::rtc
