#include "rtc/srtp/clear_keys.h"

#include <algorithm>
#include <cstring>

#include "rtc/srtp/srtp_packet_parts.h"

namespace confab::rtc {

void ClearKeys::Open(OpenJob& job) {
  const auto parts = SplitForOpen(SrtpProfile::kClear, job);
  job.ok = parts.has_value();
  if (parts) job.plain_size = parts->plain_size();
}

void ClearKeys::Seal(SealJob& job) {
  const SrtpPacketParts parts = LayOutForSeal(SrtpProfile::kClear, job);
  std::copy_n(job.prefix.begin(), job.prefix_size, parts.payload.begin());
  if (job.body.empty()) return;
  // RTCP lies where it is to go already: see EvpSrtpEngine's rule for overlapping.
  std::memmove(parts.payload.data() + job.prefix_size, job.body.data(), job.body.size());
}

}  // namespace confab::rtc
