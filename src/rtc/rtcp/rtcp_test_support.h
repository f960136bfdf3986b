#pragma once

// For tests only.

#include <optional>

#include "rtc/rtcp/rtcp_header.h"
#include "rtc/rtp/parser_test_support.h"

namespace confab::rtc {

// What `structure` writes; empty when it does not fit into `size` octets.
template <typename T>
ByteVector Written(const T& structure, size_t size = 2000) {
  ExactCopy out{ByteVector(size, 0xee)};
  ByteWriter writer(out.bytes());
  structure.Write(writer);
  if (!writer.ok()) return {};
  return {writer.written().begin(), writer.written().end()};
}

// Parses a packet that holds one structure and nothing else.
template <typename T>
std::optional<T> Parsed(BytesView packet) {
  BytesView rest = packet;
  const auto block = TakeRtcpBlock(rest);
  if (!block || !rest.empty()) return std::nullopt;
  return T::Parse(*block);
}

// The bounds of a structure's parser: every truncated body and noise of every length. The count
// field says `count` whatever the body holds.
template <typename T>
void ExpectParserStaysInBounds(BytesView packet, uint8_t count) {
  const auto parse = [count](BytesView body) {
    (void)T::Parse({.count_or_format = count, .body = body});
  };
  ForEachTruncation(packet.subspan(kRtcpHeaderSize), parse);
  ForEachRandomInput(packet.size(), 3'000, 80, packet.subspan(kRtcpHeaderSize), parse);
}

}  // namespace confab::rtc
