#pragma once

#include <cstdint>
#include <span>

#include "rtc/session/session.h"

namespace confab::rtc {

// Asks the peer for these packets of its stream, as many generic NACKs as that takes (RFC 4585
// §6.2.1). `sequences` as WriteNack wants them: ascending, without duplicates.
void AdmitNack(Session& session, Ssrc media, std::span<const uint16_t> sequences);

// Asks the peer for a keyframe of its stream (RFC 4585 §6.3.1).
void AdmitPli(Session& session, Ssrc media);

}  // namespace confab::rtc
