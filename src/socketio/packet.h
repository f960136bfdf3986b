#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "socketio/arguments.h"

namespace confab::socketio {

// Limits of what a client may send; beyond them the packet is refused.
inline constexpr size_t kMaxAttachments = 16;
inline constexpr size_t kMaxJsonDepth = 32;
inline constexpr size_t kMaxNamespaceBytes = 128;
inline constexpr size_t kMaxEventBytes = 128;

enum class PacketType : uint8_t {
  kConnect = 0,
  kDisconnect = 1,
  kEvent = 2,
  kAck = 3,
  kConnectError = 4,
  kBinaryEvent = 5,
  kBinaryAck = 6,
};

// One Socket.IO packet (protocol revision 5, "packet encoding"):
//
//   <type>[<attachments>-][<namespace>,][<ack id>][<JSON>] and the attachments as frames of their
//   own
//
// The payload is an object for CONNECT and CONNECT_ERROR, `arguments.values` with the event's name
// first for events, and the plain values for acknowledgements.
struct Packet {
  PacketType type = PacketType::kEvent;
  std::string nsp = "/";
  std::optional<uint64_t> id;
  boost::json::object object;
  Arguments arguments;
};

// The encoded form: the text, and the binary frames that follow it are the attachments.
std::string EncodeHeader(const Packet& packet);
// Without a copy of the arguments: `event` first where it is set. The type is chosen here:
// kEvent or kAck, and their binary forms where there are attachments.
std::string EncodeEvent(std::string_view nsp, std::optional<uint64_t> id, std::string_view event,
                        const Arguments& arguments);
std::string EncodeAck(std::string_view nsp, uint64_t id, const Arguments& arguments);

// A packet's text frame, decoded. `missing_attachments` binary frames must follow.
struct DecodedText {
  Packet packet;
  size_t missing_attachments = 0;
};

// Error kInvalidMessage says what is wrong. Where an object repeats a key the last one wins, as in
// JSON.parse. Ids are decimal and fit 64 bits.
Result<DecodedText> DecodeText(std::string_view text);

// Puts packets together from a connection's frames.
class PacketAssembler {
 public:
  // The packet where the frame completed one, nothing where attachments are missing. An error is
  // final: the connection must be closed.
  Result<std::optional<Packet>> AddText(std::string_view text);
  Result<std::optional<Packet>> AddBinary(Blob blob);

 private:
  std::optional<DecodedText> pending_;
};

}  // namespace confab::socketio
