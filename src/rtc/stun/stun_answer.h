#pragma once

#include "base/bytes.h"
#include "rtc/datagram_sink.h"
#include "rtc/types.h"

namespace confab::rtc {

// Answers a Binding request without credentials as a plain STUN server does (RFC 8489 §2): with the
// address it came from. So anyone can tell whether the media port is reachable. False, and nothing
// is written, unless it is such a request with a right FINGERPRINT: that makes the request at least
// 28 octets and the answer, which has none, 32 (IPv4) or 44, so nothing is gained by a forged
// source.
bool AnswerPlainBinding(const Path& path, BytesView request, DatagramSink& sink);

}  // namespace confab::rtc
