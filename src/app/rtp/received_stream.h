#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "app/rtp/plain_stream.h"
#include "base/error.h"

namespace confab::app {

// `rtpCapabilities` of a program that only listens: the router's codecs, nothing that needs an
// answer (no RTX, no feedback), no header extensions.
boost::json::object PlainCapabilities(const boost::json::value& router_capabilities);

// Reads a `ConsumerEntry`, without addresses and key. Error kInvalidMessage says what is missing.
Result<PlainStream> ParseReceivedStream(const boost::json::value& entry);

// What to record of a participant.
struct ChosenProducers {
  std::vector<std::string> ids;
  size_t left_out = 0;  // beyond the most that were wanted
};
// The first `most` of a participant's in an answer of `getProducers`. Without pictures that are
// paused: ffmpeg would wait for their size in vain, and then write nothing at all.
ChosenProducers ChooseProducers(const boost::json::value& producers,
                                std::string_view participant_id, size_t most);

}  // namespace confab::app
