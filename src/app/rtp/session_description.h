#pragma once

#include <string>

#include "app/rtp/plain_stream.h"

namespace confab::app {

// What ffmpeg and others need to receive these streams (RFC 8866; keys by RFC 4568 §4).
std::string SessionDescription(const PlainStreams& streams);

}  // namespace confab::app
