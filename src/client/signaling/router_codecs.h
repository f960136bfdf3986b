#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string_view>

// What a router's RTP capabilities say of a codec; null where they do not have it.
namespace confab::client {

inline constexpr uint32_t kMaxPayloadType = 127;

const boost::json::value* FindCodec(const boost::json::value& capabilities,
                                    std::string_view mime_type);
// The RTX for the codec with this payload type (RFC 4588 §8.1: apt).
const boost::json::value* FindRtx(const boost::json::value& capabilities, uint32_t payload_type);

}  // namespace confab::client
