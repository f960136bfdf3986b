// SRTP: any bytes are opened under fixed keys by every engine and profile, and what one engine
// seals it opens again.

#include <array>
#include <memory>
#include <vector>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"
#include "rtc/rtp/rtp_header.h"
#include "rtc/srtp/evp_srtp_engine.h"
#include "rtc/srtp/null_srtp_engine.h"
#include "rtc/srtp/srtp_layout.h"
#include "rtc/srtp/srtp_receive_state.h"

namespace confab::rtc {
namespace {

constexpr std::array kProfiles = {SrtpProfile::kAesCm128HmacSha1_80, SrtpProfile::kAeadAes128Gcm,
                                  SrtpProfile::kAeadAes256Gcm};

struct Engines {
  Engines() {
    for (size_t i = 0; i < kProfiles.size(); ++i) {
      const SrtpMasterKey master{.profile = kProfiles[i], .key = {1, 2, 3}, .salt = {4, 5, 6}};
      evp_keys[i] = evp.PrepareKeys(master);
      null_keys[i] = null.PrepareKeys(master);
    }
  }
  EvpSrtpEngine evp;
  NullSrtpEngine null;
  std::array<std::unique_ptr<SrtpKeys>, kProfiles.size()> evp_keys;
  std::array<std::unique_ptr<SrtpKeys>, kProfiles.size()> null_keys;
};

struct Case {
  SrtpEngine& engine;
  SrtpKeys& keys;
  SrtpKind kind;
  Ssrc ssrc;
  uint64_t index;
  size_t header_size;
};

OpenJob Open(const Case& with, MutableBytes packet) {
  OpenJob job{.keys = &with.keys,
              .kind = with.kind,
              .ssrc = with.ssrc,
              .index = with.index,
              .packet = packet,
              .header_size = with.header_size};
  with.engine.Open({&job, 1});
  if (job.ok) CHECK(job.plain_size >= job.header_size && job.plain_size <= packet.size());
  return job;
}

void RoundTrip(const Case& with, BytesView plain) {
  fuzz::ExactCopy out{
      std::vector<uint8_t>(plain.size() + SealOverhead(with.keys.profile(), with.kind))};
  std::ranges::copy(plain.first(with.header_size), out.bytes().begin());
  SealJob seal{.keys = &with.keys,
               .kind = with.kind,
               .ssrc = with.ssrc,
               .index = with.index,
               .out = out.bytes(),
               .header_size = with.header_size,
               .body = plain.subspan(with.header_size)};
  with.engine.Seal({&seal, 1});
  CHECK(seal.sealed_size == out.view().size());
  const OpenJob opened = Open(with, out.bytes());
  CHECK(opened.ok);
  CHECK(std::ranges::equal(out.view().first(opened.plain_size), plain));
}

// The replay window: an index that was committed is never fresh again.
void CheckReplay(SrtpReceiveState& state, Ssrc ssrc, uint16_t sequence) {
  const auto index = state.EstimateIndex(ssrc, sequence);
  if (!index) return;
  CHECK((*index & 0xffff) == sequence);
  CHECK(state.Commit(ssrc, *index));
  CHECK(state.EstimateIndex(ssrc, sequence) != index);
  CHECK(!state.Commit(ssrc, *index));
}

}  // namespace

CONFAB_FUZZ_TARGET(srtp) {
  static Engines engines;
  fuzz::Input decisions(input);
  const size_t profile = decisions.Below(kProfiles.size());
  const SrtpKind kind = decisions.Flag() ? SrtpKind::kRtcp : SrtpKind::kRtp;
  const bool use_null = decisions.Flag();
  SrtpEngine& engine = use_null ? static_cast<SrtpEngine&>(engines.null) : engines.evp;
  SrtpKeys& keys = use_null ? *engines.null_keys[profile] : *engines.evp_keys[profile];
  SrtpReceiveState state;
  while (!decisions.empty()) {
    fuzz::ExactCopy packet(decisions.Piece());
    const BytesView bytes = packet.view();
    if (kind == SrtpKind::kRtp) {
      const auto header = ParseRtpHeader(bytes);
      if (!header) continue;
      CheckReplay(state, header->ssrc, header->sequence_number);
      const Case with{
          engine, keys, kind, header->ssrc, header->sequence_number, header->header_size};
      RoundTrip(with, bytes);
      (void)Open(with, packet.bytes());
    } else {
      if (bytes.size() < kRtcpPlainHeaderSize) continue;
      const auto trailer = ReadSrtcpTrailer(keys.profile(), bytes);
      const uint32_t index = trailer ? trailer->index : 0;
      const Case with{engine, keys, kind, Ssrc(LoadU32(&bytes[4])), index, kRtcpPlainHeaderSize};
      RoundTrip(with, bytes);
      if (trailer) (void)Open(with, packet.bytes());
    }
  }
}

}  // namespace confab::rtc
