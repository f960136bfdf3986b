#include "services/signaling/protocol/requests.h"

#include <fmt/format.h>

#include <array>

#include "base/trace_context.h"
#include "net/field_reader.h"
#include "services/signaling/protocol/display_name.h"
#include "services/signaling/protocol/message_text.h"
#include "services/signaling/protocol/rtp_reader.h"

namespace confab::signaling {
namespace {

namespace pb = media::v1;
using net::FieldReader, net::IntegerLimits, net::ReadFailure, net::TextLimits;

constexpr TextLimits kToken{1, 4096};
constexpr TextLimits kTraceparent{0, 256};
constexpr TextLimits kIpAddress{2, 45};  // RFC 5952: "::" to "ffff:…:255.255.255.255"
constexpr TextLimits kKey{40, 64};       // 28 to 46 octets as base64
// The first is mediasoup's default.
constexpr std::array<std::string_view, 3> kCryptoSuites{"AES_CM_128_HMAC_SHA1_80",
                                                        "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"};
constexpr int64_t kMaxSeq = 9007199254740991;  // exact in JavaScript
constexpr double kMaxPixels = 100'000;

template <typename Request>
Result<Request> Finish(const ReadFailure& failure, Request request) {
  if (failure.failed()) return std::unexpected(failure.error());
  return request;
}

std::string ReadName(FieldReader& reader, ReadFailure& failure) {
  Result<std::string> name =
      CleanName(reader.OptionalText("name", {0, kMaxRawNameSize}).value_or(""));
  if (name) return std::move(*name);
  failure.Note(name.error().message);
  return {};
}

// A broken one is no error (W3C Trace Context §4.3): a new trace begins instead.
std::string ReadTrace(FieldReader& reader) {
  const auto given = reader.OptionalText("traceparent", kTraceparent);
  const auto context = given ? TraceContext::Parse(*given) : std::nullopt;
  return context ? context->trace_id() : "";
}

TransportPair ReadTransports(FieldReader reader) {
  return {ReadDtlsParameters(reader.Object("send").Object("dtlsParameters")),
          ReadDtlsParameters(reader.Object("recv").Object("dtlsParameters"))};
}

ViewSize ReadViewSize(FieldReader reader) {
  return {.width = reader.OptionalNumber("width", 0, kMaxPixels).value_or(0),
          .height = reader.OptionalNumber("height", 0, kMaxPixels).value_or(0),
          .pixel_ratio = reader.OptionalNumber("pixelRatio", 0.1, 16).value_or(1)};
}

Source ReadSource(FieldReader& reader, MediaKind kind) {
  const auto index = reader.OptionalChoice("source", kSourceNames);
  if (!index) return kind == MediaKind::kAudio ? Source::kMicrophone : Source::kCamera;
  const Source source = static_cast<Source>(*index);
  if (KindOf(source) != kind) {
    reader.Refuse("source", kind == MediaKind::kAudio
                                ? "must be \"microphone\" or \"screen-audio\" for audio"
                                : "must be \"camera\" or \"screen\" for video");
  }
  return source;
}

std::optional<Direction> ReadDirection(FieldReader& reader) {
  if (const auto direction = reader.OptionalChoice("direction", kDirections)) {
    return static_cast<Direction>(*direction);
  }
  const bool producing = reader.OptionalFlag("producing").value_or(false);
  const bool consuming = reader.OptionalFlag("consuming").value_or(false);
  if (producing == consuming) return std::nullopt;
  return producing ? Direction::kSend : Direction::kRecv;
}

}  // namespace

Result<JoinRequest> ParseJoin(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  JoinRequest request{.room = reader.Id("room"), .name = ReadName(reader, failure)};
  request.token = reader.OptionalText("token", kToken).value_or("");
  request.resume_token = reader.OptionalText("resume", kToken).value_or("");
  request.trace = ReadTrace(reader);
  if (auto transports = reader.OptionalObject("transports")) {
    request.transports = ReadTransports(*transports);
    request.rtp_capabilities = ReadRtpCapabilities(reader.Object("rtpCapabilities"));
  } else if (auto capabilities = reader.OptionalObject("rtpCapabilities")) {
    request.rtp_capabilities = ReadRtpCapabilities(*capabilities);
  }
  if (auto view = reader.OptionalObject("view")) request.view = ReadViewSize(*view);
  if (auto prepared = reader.OptionalObject("prepared"); prepared && request.transports) {
    request.prepared = {.transport_id = prepared->Id("transportId"),
                        .consumer_ids = prepared->Ids("consumerIds", {0, kMaxIdsPerMessage})};
  }
  return Finish(failure, std::move(request));
}

Result<PrepareRequest> ParsePrepare(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  PrepareRequest request{.room = reader.Id("room")};
  request.rtp_capabilities = ReadRtpCapabilities(reader.Object("rtpCapabilities"));
  request.dtls_parameters =
      ReadDtlsParameters(reader.Object("transports").Object("recv").Object("dtlsParameters"));
  request.transport_id = reader.OptionalId("transportId").value_or("");
  request.trace = ReadTrace(reader);
  return Finish(failure, std::move(request));
}

Result<LookRequest> ParseLook(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  return Finish(failure, LookRequest{reader.Id("room")});
}

Result<ResumeRequest> ParseResume(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  ResumeRequest request{.resume_token = reader.Text("resumeToken", kToken)};
  request.seq = static_cast<uint64_t>(reader.Integer("seq", {0, kMaxSeq}));
  return Finish(failure, std::move(request));
}

Result<ProduceRequest> ParseProduce(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  ProduceRequest request;
  request.own_id = reader.OptionalId("id", kMaxOwnProducerIdSize).value_or("");
  request.transport_id = reader.Id("transportId");
  request.kind = static_cast<MediaKind>(reader.Choice("kind", kMediaKindNames));
  request.source = ReadSource(reader, request.kind);
  request.rtp_parameters = ReadRtpParameters(reader.Object("rtpParameters"));
  request.paused = reader.OptionalFlag("paused").value_or(false);
  return Finish(failure, std::move(request));
}

Result<ProducerRequest> ParseProducer(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  return Finish(failure, ProducerRequest{reader.Id("producerId")});
}

Result<ConsumersRequest> ParseConsumers(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  return Finish(failure, ConsumersRequest{reader.Ids("consumerIds", {1, kMaxIdsPerMessage})});
}

Result<ConsumerRequest> ParseConsumer(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  return Finish(failure, ConsumerRequest{reader.Id("consumerId")});
}

Result<TransportRequest> ParseTransport(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  return Finish(failure, TransportRequest{reader.Id("transportId")});
}

Result<ConnectRequest> ParseConnect(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  ConnectRequest request{.transport_id = reader.Id("transportId")};
  request.dtls_parameters = ReadDtlsParameters(reader.Object("dtlsParameters"));
  return Finish(failure, std::move(request));
}

Result<CreateTransportRequest> ParseCreateTransport(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  return Finish(failure, CreateTransportRequest{ReadDirection(reader)});
}

Result<CreatePlainTransportRequest> ParseCreatePlainTransport(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  CreatePlainTransportRequest request{.direction = ReadDirection(reader)};
  request.rtcp_mux = reader.OptionalFlag("rtcpMux").value_or(true);
  request.comedia = reader.OptionalFlag("comedia").value_or(false);
  const bool enable_srtp = reader.OptionalFlag("enableSrtp").value_or(false);
  const auto suite = reader.OptionalChoice("srtpCryptoSuite", kCryptoSuites);
  if (enable_srtp) request.srtp_crypto_suite = kCryptoSuites[suite.value_or(0)];
  return Finish(failure, std::move(request));
}

Result<ConnectPlainTransportRequest> ParseConnectPlainTransport(const json::value& payload) {
  constexpr IntegerLimits kPorts{1, UINT16_MAX};
  ReadFailure failure;
  FieldReader reader(payload, failure);
  ConnectPlainTransportRequest request{.transport_id = reader.Id("transportId")};
  request.ip = reader.OptionalText("ip", kIpAddress).value_or("");
  request.port = static_cast<uint16_t>(reader.OptionalInteger("port", kPorts).value_or(0));
  request.rtcp_port = static_cast<uint16_t>(reader.OptionalInteger("rtcpPort", kPorts).value_or(0));
  if (std::optional<FieldReader> srtp = reader.OptionalObject("srtpParameters")) {
    pb::SrtpParameters& keys = request.srtp.emplace();
    keys.set_crypto_suite(std::string(kCryptoSuites[srtp->Choice("cryptoSuite", kCryptoSuites)]));
    keys.set_key_base64(srtp->Text("keyBase64", kKey));
  }
  return Finish(failure, std::move(request));
}

Result<ConsumeRequest> ParseConsume(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  ConsumeRequest request;
  request.transport_id = reader.OptionalId("transportId").value_or("");
  request.producer_id = reader.Id("producerId");
  request.rtp_capabilities = ReadRtpCapabilities(reader.Object("rtpCapabilities"));
  request.paused = reader.OptionalFlag("paused").value_or(true);
  return Finish(failure, std::move(request));
}

Result<RecreateRequest> ParseRecreate(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  return Finish(failure, RecreateRequest{ReadTransports(reader.Object("transports"))});
}

Result<ModerationRequest> ParseModeration(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  ModerationRequest request{.participant_id = reader.Id("participantId")};
  if (const auto source = reader.OptionalChoice("source", kSourceNames)) {
    request.source = static_cast<Source>(*source);
  }
  return Finish(failure, std::move(request));
}

Result<NameRequest> ParseName(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  reader.Text("name", {0, kMaxRawNameSize});
  return Finish(failure, NameRequest{ReadName(reader, failure)});
}

Result<ViewRequest> ParseView(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  ViewRequest request;
  for (FieldReader& entry : reader.Objects("tiles", {0, kMaxTilesPerView})) {
    Tile& tile = request.tiles.emplace_back();
    tile.participant_id = entry.Id("participantId");
    tile.source = static_cast<Source>(entry.Choice("source", kSourceNames));
    tile.width = entry.OptionalNumber("width", 0, kMaxPixels).value_or(0);
    tile.height = entry.OptionalNumber("height", 0, kMaxPixels).value_or(0);
  }
  return Finish(failure, std::move(request));
}

Result<SendMessageRequest> ParseSendMessage(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  SendMessageRequest request;
  request.id = reader.Id("id", kMaxMessageIdSize);
  request.to = reader.OptionalId("to").value_or("");
  const std::string raw = reader.Text("text", {1, kMaxRawTextSize});
  if (failure.failed()) return std::unexpected(failure.error());
  Result<std::string> text = CleanText(raw);
  if (!text) return std::unexpected(text.error());
  request.text = std::move(*text);
  return request;
}

Result<GetMessagesRequest> ParseGetMessages(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  GetMessagesRequest request;
  request.before = reader.OptionalInteger("before", {1, kMaxSeq}).value_or(request.before);
  request.limit = reader.OptionalInteger("limit", {1, 100}).value_or(request.limit);
  return Finish(failure, request);
}

Result<TypingRequest> ParseTyping(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  TypingRequest request{.to = reader.OptionalId("to").value_or("")};
  return Finish(failure, std::move(request));
}

Result<ProtocolRange> ParseProtocolRange(const json::object& auth) {
  const json::value payload(auth);
  ReadFailure failure;
  FieldReader reader(payload, failure);
  constexpr IntegerLimits kVersions{0, 1'000'000};
  ProtocolRange range;
  if (std::optional<FieldReader> protocol = reader.OptionalObject("protocol")) {
    range.min = protocol->Integer("min", kVersions);
    range.max = protocol->Integer("max", kVersions);
  }
  return Finish(failure, range);
}

}  // namespace confab::signaling
