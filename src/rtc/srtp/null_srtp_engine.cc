#include "rtc/srtp/null_srtp_engine.h"

#include <algorithm>
#include <array>
#include <bit>

#include "rtc/srtp/srtp_packet_parts.h"

namespace confab::rtc {
namespace {

// FNV-1a over words of 64 bits instead of octets, with a rotation so that high bits reach low ones:
// enough to notice what a simulated network does to a packet, and fast enough not to be most of
// what a simulation does.
class Checksum {
 public:
  void Add(BytesView bytes) {
    size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) Add(LoadU64(&bytes[at]));
    for (; at < bytes.size(); ++at) Add(uint64_t{bytes[at]});
  }
  void Add(uint64_t word) { state_ = std::rotl((state_ ^ word) * kPrime, 29); }
  uint64_t value() const { return state_; }

 private:
  static constexpr uint64_t kPrime = 0x100000001b3;
  uint64_t state_ = 0xcbf29ce484222325;
};

class NullSrtpKeys final : public SrtpKeys {
 public:
  explicit NullSrtpKeys(const SrtpMasterKey& master) : profile_(master.profile) {
    Checksum key;
    key.Add(BytesView(master.key));
    key.Add(BytesView(master.salt));
    key_ = key.value();
  }
  SrtpProfile profile() const override { return profile_; }

  // The tag that belongs to a packet.
  std::array<uint8_t, 16> Tag(const SrtpPacketParts& parts, SrtpKind kind, Ssrc ssrc,
                              uint64_t index) const {
    Checksum sum;
    sum.Add(key_);
    sum.Add(static_cast<uint64_t>(kind));
    sum.Add(ssrc.value());
    sum.Add(index);
    sum.Add(BytesView(parts.header));
    sum.Add(BytesView(parts.payload));
    sum.Add(BytesView(parts.trailer));
    std::array<uint8_t, 16> tag;
    StoreU64(&tag[0], sum.value());
    StoreU64(&tag[8], ~sum.value());
    return tag;
  }

 private:
  SrtpProfile profile_;
  uint64_t key_;
};

}  // namespace

std::unique_ptr<SrtpKeys> NullSrtpEngine::PrepareKeys(const SrtpMasterKey& master) {
  return std::make_unique<NullSrtpKeys>(master);
}

void NullSrtpEngine::Open(std::span<OpenJob> jobs) {
  for (OpenJob& job : jobs) {
    job.ok = false;
    const auto& keys = static_cast<const NullSrtpKeys&>(*job.keys);
    const std::optional<SrtpPacketParts> parts = SplitForOpen(keys.profile(), job);
    if (!parts) continue;
    const auto tag = keys.Tag(*parts, job.kind, job.ssrc, job.index);
    job.ok = std::ranges::equal(parts->tag, BytesView(tag).first(parts->tag.size()));
    job.plain_size = parts->plain_size();
  }
}

void NullSrtpEngine::Seal(std::span<SealJob> jobs) {
  for (SealJob& job : jobs) {
    const auto& keys = static_cast<const NullSrtpKeys&>(*job.keys);
    const SrtpPacketParts parts = LayOutForSeal(keys.profile(), job);
    std::copy_n(job.prefix.begin(), job.prefix_size, parts.payload.begin());
    if (!job.body.empty()) {
      std::memmove(parts.payload.data() + job.prefix_size, job.body.data(), job.body.size());
    }
    const auto tag = keys.Tag(parts, job.kind, job.ssrc, job.index);
    std::copy_n(tag.begin(), parts.tag.size(), parts.tag.begin());
  }
}

}  // namespace confab::rtc
