#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "confab/media/v1/media.pb.h"
#include "services/signaling/protocol/json.h"
#include "services/signaling/protocol/media_kind.h"

namespace confab::signaling {

// What clients ask, one type per payload (docs/signaling-protocol.md). A Parse function returns a
// value whose every field is in range, or kInvalidMessage naming the field.

// A client's own id of a producer: leaves room for the participant's id in front of it.
constexpr size_t kMaxOwnProducerIdSize = 36;
constexpr size_t kMaxIdsPerMessage = 1000;
constexpr size_t kMaxTilesPerView = 200;

struct ViewSize {
  double width = 0;  // CSS pixels
  double height = 0;
  double pixel_ratio = 1;
};

struct TransportPair {
  media::v1::DtlsParameters send;
  media::v1::DtlsParameters recv;
};

// What a client has set up of what `prepareJoin` made.
struct PreparedMedia {
  std::string transport_id;
  std::vector<std::string> consumer_ids;
};

struct JoinRequest {
  std::string room;
  std::string name;          // clean
  std::string token;         // empty: that of the handshake
  std::string resume_token;  // empty: none
  std::string trace;         // of which this is part: its id; empty: none that can be used
  std::optional<media::v1::RtpCapabilities> rtp_capabilities;
  std::optional<TransportPair> transports;  // set: quick join, with rtp_capabilities
  std::optional<ViewSize> view;
  std::optional<PreparedMedia> prepared;  // only with `transports`
};
Result<JoinRequest> ParseJoin(const json::value& payload);

struct PrepareRequest {
  std::string room;
  media::v1::RtpCapabilities rtp_capabilities;
  media::v1::DtlsParameters dtls_parameters;  // of the receiving transport
  std::string transport_id;                   // the one from an earlier answer; empty: none
  std::string trace;                          // as in JoinRequest
};
Result<PrepareRequest> ParsePrepare(const json::value& payload);

struct LookRequest {
  std::string room;
};
Result<LookRequest> ParseLook(const json::value& payload);

struct ResumeRequest {
  std::string resume_token;
  uint64_t seq = 0;
};
Result<ResumeRequest> ParseResume(const json::value& payload);

struct ProduceRequest {
  std::string own_id;  // empty: the server makes one
  std::string transport_id;
  MediaKind kind = MediaKind::kAudio;
  Source source = Source::kMicrophone;  // always of `kind`
  media::v1::RtpParameters rtp_parameters;
  bool paused = false;
};
Result<ProduceRequest> ParseProduce(const json::value& payload);

struct ProducerRequest {
  std::string producer_id;
};
Result<ProducerRequest> ParseProducer(const json::value& payload);

struct ConsumersRequest {
  std::vector<std::string> consumer_ids;
};
Result<ConsumersRequest> ParseConsumers(const json::value& payload);

struct ConsumerRequest {
  std::string consumer_id;
};
Result<ConsumerRequest> ParseConsumer(const json::value& payload);

struct TransportRequest {
  std::string transport_id;
};
Result<TransportRequest> ParseTransport(const json::value& payload);

struct ConnectRequest {
  std::string transport_id;
  media::v1::DtlsParameters dtls_parameters;
};
Result<ConnectRequest> ParseConnect(const json::value& payload);

enum class Direction : uint8_t { kSend, kRecv };
// In the order of the enumerators.
inline constexpr std::array<std::string_view, 2> kDirections{"send", "recv"};

struct CreateTransportRequest {
  std::optional<Direction> direction;  // none: for both
};
Result<CreateTransportRequest> ParseCreateTransport(const json::value& payload);

// mediasoup's createPlainTransport, for programs without ICE and DTLS.
struct CreatePlainTransportRequest {
  std::optional<Direction> direction;  // none: for both
  bool rtcp_mux = true;
  bool comedia = false;
  std::string srtp_crypto_suite;  // empty: RTP without encryption
};
Result<CreatePlainTransportRequest> ParseCreatePlainTransport(const json::value& payload);

struct ConnectPlainTransportRequest {
  std::string transport_id;
  std::string ip;  // empty: the transport learns it
  uint16_t port = 0;
  uint16_t rtcp_port = 0;
  std::optional<media::v1::SrtpParameters> srtp;
};
Result<ConnectPlainTransportRequest> ParseConnectPlainTransport(const json::value& payload);

struct ConsumeRequest {
  std::string transport_id;  // empty: the participant's receiving transport
  std::string producer_id;
  media::v1::RtpCapabilities rtp_capabilities;
  bool paused = true;
};
Result<ConsumeRequest> ParseConsume(const json::value& payload);

struct RecreateRequest {
  TransportPair transports;
};
Result<RecreateRequest> ParseRecreate(const json::value& payload);

struct ModerationRequest {
  std::string participant_id;
  std::optional<Source> source;  // none: all that sounds
};
Result<ModerationRequest> ParseModeration(const json::value& payload);

struct NameRequest {
  std::string name;  // clean
};
Result<NameRequest> ParseName(const json::value& payload);

// A message of the chat.
constexpr size_t kMaxMessageIdSize = 36;
struct SendMessageRequest {
  std::string id;    // the client's
  std::string text;  // clean
  std::string to;    // a participant's id; empty: everybody
};
Result<SendMessageRequest> ParseSendMessage(const json::value& payload);

struct GetMessagesRequest {
  int64_t before = INT64_MAX;  // a number
  int64_t limit = 50;
};
Result<GetMessagesRequest> ParseGetMessages(const json::value& payload);

struct TypingRequest {
  std::string to;  // a participant's id; empty: everybody
};
Result<TypingRequest> ParseTyping(const json::value& payload);

struct Tile {
  std::string participant_id;
  Source source = Source::kCamera;
  double width = 0;  // device pixels
  double height = 0;
};
struct ViewRequest {
  std::vector<Tile> tiles;
};
Result<ViewRequest> ParseView(const json::value& payload);

// The range of protocol versions in the handshake's `auth`; a client that names none speaks 1.
struct ProtocolRange {
  int64_t min = 1;
  int64_t max = 1;
};
Result<ProtocolRange> ParseProtocolRange(const json::object& auth);

}  // namespace confab::signaling
