// The signaling protocol: any JSON as the payload of any event. The first octet chooses the event,
// the rest is the payload's text.

#include <boost/json/parser.hpp>
#include <optional>
#include <variant>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"
#include "net/field_reader.h"
#include "services/media/convert/transport_proto.h"
#include "services/signaling/call/report_fields.h"
#include "services/signaling/protocol/display_name.h"
#include "services/signaling/protocol/reports.h"
#include "services/signaling/protocol/requests.h"
#include "services/signaling/protocol/rtp_reader.h"
#include "services/signaling/protocol/rtp_writer.h"
#include "socketio/packet.h"

namespace confab::signaling {
namespace {

// As the Socket.IO connection parses what comes in.
std::optional<json::value> ParseJson(std::string_view text) {
  json::parse_options options;
  options.max_depth = socketio::kMaxJsonDepth;
  json::parser parser({}, options);
  boost::system::error_code error;
  parser.write(text.data(), text.size(), error);
  return error ? std::nullopt : std::optional(parser.release());
}

// A refusal says something, and of the one kind.
template <typename T>
const T* Accepted(const Result<T>& result) {
  if (result) return &*result;
  CHECK(result.error().code == ErrorCode::kInvalidMessage && !result.error().message.empty());
  return nullptr;
}

void CheckId(std::string_view id) {
  CHECK(net::IsId(id));
}

void CheckName(const std::string& name) {
  // Clean is clean: cleaning again changes nothing.
  CHECK(CleanName(name) == name);
}

void CheckDtls(const media::v1::DtlsParameters& parameters) {
  (void)media::FromProto(parameters);
  net::ReadFailure failure;
  const json::value text = ToJson(parameters);
  const auto again = ReadDtlsParameters(net::FieldReader(text, failure));
  CHECK(!failure.failed());
  CHECK(again.SerializeAsString() == parameters.SerializeAsString());
}

void Join(const json::value& payload) {
  const auto result = ParseJoin(payload);
  const JoinRequest* request = Accepted(result);
  if (request == nullptr) return;
  CheckId(request->room);
  CheckName(request->name);
  if (request->transports) {
    CHECK(request->rtp_capabilities.has_value());
    CheckDtls(request->transports->send);
    CheckDtls(request->transports->recv);
  }
  if (request->prepared) CheckId(request->prepared->transport_id);
}

void Prepare(const json::value& payload) {
  const auto result = ParsePrepare(payload);
  const PrepareRequest* request = Accepted(result);
  if (request == nullptr) return;
  CheckId(request->room);
  CheckDtls(request->dtls_parameters);
}

void Produce(const json::value& payload) {
  const auto result = ParseProduce(payload);
  const ProduceRequest* request = Accepted(result);
  if (request == nullptr) return;
  CheckId(request->transport_id);
  CHECK(request->own_id.size() <= kMaxOwnProducerIdSize);
  CHECK(KindOf(request->source) == request->kind);
}

void Connect(const json::value& payload) {
  const auto result = ParseConnect(payload);
  if (const ConnectRequest* request = Accepted(result)) CheckDtls(request->dtls_parameters);
}

void Name(const json::value& payload) {
  const auto result = ParseName(payload);
  if (const NameRequest* request = Accepted(result)) CheckName(request->name);
}

void Range(const json::value& payload) {
  if (!payload.is_object()) return;
  (void)Accepted(ParseProtocolRange(payload.get_object()));
}

// A line has every number that was told, and the words of the protocol alone.
void Report(const json::value& payload) {
  const auto result = ParseReport(payload);
  const ClientReport* report = Accepted(result);
  if (report == nullptr) return;
  CHECK(report->transports.size() <= kMaxReportedTransports);
  CHECK(report->relays_failed.size() <= 3);
  for (const observe::LogField& field : FieldsOf(*report)) {
    if (const auto* number = std::get_if<int64_t>(&field.value())) CHECK(*number >= 0);
    if (const auto* word = std::get_if<std::string>(&field.value())) CHECK(word->size() <= 12);
  }
}

void Failure(const json::value& payload) {
  const auto result = ParseFailure(payload);
  const ClientFailure* failure = Accepted(result);
  if (failure == nullptr) return;
  CheckId(failure->id);
  CHECK(!failure->message.empty() && failure->message.find('\n') == std::string::npos);
  CHECK(failure->ago <= kMaxReportedTime);
}

constexpr size_t kEvents = 17;

void Parse(size_t event, const json::value& payload) {
  switch (event) {
    case 0: return Join(payload);
    case 1: return Prepare(payload);
    case 2: return (void)Accepted(ParseLook(payload));
    case 3: return (void)Accepted(ParseResume(payload));
    case 4: return Produce(payload);
    case 5: return (void)Accepted(ParseProducer(payload));
    case 6: return (void)Accepted(ParseConsumers(payload));
    case 7: return (void)Accepted(ParseConsumer(payload));
    case 8: return (void)Accepted(ParseTransport(payload));
    case 9: return Connect(payload);
    case 10: return (void)Accepted(ParseCreateTransport(payload));
    case 11: return (void)Accepted(ParseConsume(payload));
    case 12: return (void)Accepted(ParseRecreate(payload));
    case 13: return Name(payload);
    case 14: (void)Accepted(ParseView(payload)); return Range(payload);
    case 15: return Report(payload);
    case 16: return Failure(payload);
  }
}

}  // namespace

CONFAB_FUZZ_TARGET(signaling) {
  fuzz::Input decisions(input);
  const size_t event = decisions.Below(kEvents);
  const std::string_view text = AsText(decisions.Rest());
  if (const auto name = CleanName(text.substr(0, kMaxRawNameSize))) CheckName(*name);
  CheckName(ClippedName(text.substr(0, kMaxRawNameSize)));
  if (const auto payload = ParseJson(text)) Parse(event, *payload);
}

}  // namespace confab::signaling
