#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "app/rtp/plain_stream.h"
#include "base/error.h"

namespace confab::app {

// `rtpCapabilities` of a program that only listens: the router's codecs, nothing that needs an
// answer (no RTX, no feedback), no header extensions.
boost::json::object PlainCapabilities(const boost::json::value& router_capabilities);

// Reads a `ConsumerEntry`, without addresses and key. Error kInvalidMessage says what is missing.
Result<PlainStream> ParseReceivedStream(const boost::json::value& entry);

}  // namespace confab::app
