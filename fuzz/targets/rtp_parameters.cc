// RTP parameters and capabilities, from a client's JSON to what a consumer is told: the text is
// {"rtpParameters": …, "rtpCapabilities": …}.

#include <google/protobuf/util/message_differencer.h>

#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>
#include <optional>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "services/media/convert/rtp_from_proto.h"
#include "services/media/convert/rtp_to_proto.h"
#include "services/signaling/protocol/publish_settings.h"
#include "services/signaling/protocol/rtp_reader.h"
#include "services/signaling/protocol/rtp_writer.h"
#include "sfu/parameters/consumer_parameters.h"
#include "sfu/parameters/producer_mapping.h"
#include "sfu/parameters/producer_type.h"
#include "sfu/parameters/supported_capabilities.h"
#include "sfu/parameters/validate.h"
#include "socketio/packet.h"

namespace confab {
namespace {

namespace json = boost::json;
using google::protobuf::util::MessageDifferencer;
using net::FieldReader;
using net::ReadFailure;

std::optional<json::value> ParseJson(std::string_view text) {
  json::parse_options options;
  options.max_depth = socketio::kMaxJsonDepth;
  json::parser parser({}, options);
  boost::system::error_code error;
  parser.write(text.data(), text.size(), error);
  return error ? std::nullopt : std::optional(parser.release());
}

// As the other side gets it: numbers have the types that their text gives them.
json::value OverTheWire(const json::object& object) {
  const auto parsed = ParseJson(json::serialize(object));
  CHECK(parsed.has_value());
  return *parsed;
}

template <typename T>
std::optional<T> Valid(Result<T> result) {
  if (result) return std::move(*result);
  CHECK(!result.error().message.empty());
  return std::nullopt;
}

// To the contract and back, and by the clients' JSON and back: the same.
void RoundTrip(const sfu::RtpParameters& parameters) {
  const media::v1::RtpParameters message = media::ToProto(parameters);
  const auto again = media::FromProto(message);
  CHECK(again.has_value());
  CHECK(MessageDifferencer::Equals(media::ToProto(*again), message));

  const json::value text = OverTheWire(signaling::ToJson(message));
  ReadFailure failure;
  const auto reread = signaling::ReadRtpParameters(FieldReader(text, failure));
  CHECK(!failure.failed());
  CHECK(MessageDifferencer::Equals(reread, message));
}

void RoundTrip(const sfu::RtpCapabilities& capabilities) {
  const media::v1::RtpCapabilities message = media::ToProto(capabilities);
  const auto again = media::FromProto(message);
  CHECK(again.has_value());
  CHECK(MessageDifferencer::Equals(media::ToProto(*again), message));

  const json::value text = OverTheWire(signaling::ToJson(message));
  ReadFailure failure;
  const auto reread = signaling::ReadRtpCapabilities(FieldReader(text, failure));
  CHECK(!failure.failed());
  CHECK(MessageDifferencer::Equals(media::ToProto(*media::FromProto(reread)), message));
  (void)signaling::PublishSettings(message);
}

// What a producer becomes for a receiver.
void Forward(const sfu::RtpParameters& parameters, const sfu::RtpCapabilities& receiver) {
  const rtc::MediaKind kind = sfu::KindOf(parameters);
  const sfu::RtpCapabilities& router = sfu::RouterRtpCapabilities();
  (void)sfu::TypeOf(parameters);
  const auto mapping = sfu::MapProducer(kind, parameters, router, rtc::Ssrc(1000));
  if (!mapping) return CHECK(mapping.error().code == ErrorCode::kUnsupportedParameters);
  CHECK(mapping->encodings.size() == parameters.encodings.size());
  const sfu::RtpParameters consumable =
      sfu::ConsumableRtpParameters(kind, parameters, router, *mapping);
  const sfu::ConsumerIdentity identity{
      .mid = "0", .ssrc = rtc::Ssrc(1), .rtx_ssrc = rtc::Ssrc(2), .cname = "someone"};
  const auto told = sfu::ConsumerRtpParameters(consumable, receiver, identity);
  CHECK(told.has_value() == sfu::CanConsume(consumable, receiver));
  if (!told) return CHECK(told.error().code == ErrorCode::kCannotConsume);
  CHECK(told->encodings.size() == 1);
  // What we say would pass our own checks.
  CHECK(sfu::ValidateRtpParameters(*told).has_value());
  RoundTrip(*told);
}

}  // namespace

CONFAB_FUZZ_TARGET(rtp_parameters) {
  const auto payload = ParseJson(AsText(input));
  if (!payload) return;
  ReadFailure failure;
  FieldReader reader(*payload, failure);
  const auto capabilities_message =
      signaling::ReadRtpCapabilities(reader.Object("rtpCapabilities"));
  const auto receiver =
      failure.failed() ? std::nullopt : Valid(media::FromProto(capabilities_message));
  if (receiver) RoundTrip(*receiver);

  ReadFailure parameters_failure;
  FieldReader parameters_reader(*payload, parameters_failure);
  const auto parameters_message =
      signaling::ReadRtpParameters(parameters_reader.Object("rtpParameters"));
  if (parameters_failure.failed()) return;
  const auto parameters = Valid(media::FromProto(parameters_message));
  if (!parameters) return;
  RoundTrip(*parameters);
  Forward(*parameters, sfu::RouterRtpCapabilities());
  if (receiver) Forward(*parameters, *receiver);
}

}  // namespace confab
