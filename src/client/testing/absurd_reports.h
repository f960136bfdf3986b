#pragma once

#include <cstddef>
#include <span>

#include "base/bytes.h"
#include "base/random.h"
#include "rtc/types.h"

namespace confab::client {

// RTCP of a participant who knows the form and nothing else, in one of these shapes:
enum class AbsurdReport : uint8_t {
  kReportBlocks,    // as many blocks as the five-bit count can say, of a stream that it receives
  kMoreBlocks,      // a count that the length does not hold
  kNackEverything,  // one packet that asks for 6,000 numbers
  kNackTheSame,     // the same number, again and again
  kFirMany,         // keyframes of a hundred streams
  kPliMany,         // a compound of nothing but requests for keyframes
  kLongLength,      // a length beyond the packet
  kSdesNames,       // chunks without end
  kByeEveryone,     // the end of everyone's streams
  kUnknownTypes,
  kCount,
};

// Writes a compound of `sender` that names `media`; returns its size.
size_t WriteAbsurdReport(AbsurdReport shape, rtc::Ssrc sender, rtc::Ssrc media,
                         RandomSource& random, MutableBytes out);

}  // namespace confab::client
