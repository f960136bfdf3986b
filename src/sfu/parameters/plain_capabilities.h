#pragma once

#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

// What a receiver on a plain transport is taken to understand when it does not say: every codec of
// the router; no RTX, no header extensions, no bandwidth estimation; keyframe requests, which it
// need not send. That is what ffmpeg does with an SDP file. Lives for ever.
const RtpCapabilities& PlainRtpCapabilities();

}  // namespace confab::sfu
