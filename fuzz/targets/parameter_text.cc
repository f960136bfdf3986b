// Short texts of signaling and configuration: addresses, networks, keys, fingerprints, H264
// profiles, scalability modes, uris, traces.

#include "base/base64.h"
#include "base/check.h"
#include "base/ip_network.h"
#include "base/socket_address.h"
#include "base/trace_context.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"
#include "rtc/dtls/fingerprint.h"
#include "rtc/rtp/extension_map.h"
#include "sfu/parameters/codec.h"
#include "sfu/parameters/h264_profile.h"
#include "sfu/parameters/scalability_mode.h"

namespace confab {
namespace {

void Address(std::string_view text) {
  const auto address = SocketAddress::Parse(text, 5000);
  if (!address) return;
  CHECK(SocketAddress::Parse(address->IpToString(), 5000) == address);
}

void Network(std::string_view text) {
  const auto network = IpNetwork::Parse(text);
  if (!network) return;
  CHECK(IpNetwork::Parse(network->ToString()) == network);
  CHECK(network->Contains(network->base()));
}

void Base64(std::string_view text) {
  const auto bytes = FromBase64(text);
  if (bytes) CHECK(ToBase64(*bytes) == text);
}

void Fingerprint(std::string_view text) {
  for (const char* algorithm : {"sha-256", "SHA-384", "sha-512"}) {
    const auto parsed = rtc::Fingerprint::Parse(algorithm, text);
    if (!parsed) continue;
    CHECK(rtc::Fingerprint::Parse(algorithm, parsed->ValueToString()) == parsed);
  }
  (void)rtc::Fingerprint::Parse(text, "AA");
}

void Profile(std::string_view text) {
  const auto parsed = sfu::ParseH264ProfileLevel(text);
  if (!parsed) return;
  const auto canonical = sfu::ToString(*parsed);
  // What can be read can be said (level 1b excepted, where the profile has none).
  if (canonical) CHECK(sfu::ParseH264ProfileLevel(*canonical) == parsed);
}

void Mode(std::string_view text) {
  const auto mode = sfu::ParseScalabilityMode(text);
  if (!mode) return;
  CHECK(mode->spatial_layers >= 1 && mode->spatial_layers <= sfu::kMaxSpatialLayers);
  CHECK(mode->temporal_layers >= 1 && mode->temporal_layers <= sfu::kMaxTemporalLayers);
  const auto again = sfu::ParseScalabilityMode(
      sfu::ToScalabilityMode(mode->spatial_layers, mode->temporal_layers));
  CHECK(again && again->spatial_layers == mode->spatial_layers &&
        again->temporal_layers == mode->temporal_layers);
}

void Uri(std::string_view text) {
  const auto extension = rtc::ExtensionFromUri(text);
  if (extension) CHECK(rtc::UriOf(*extension) == text);
}

void Setting(std::string_view text) {
  const sfu::CodecSettings settings{{"apt", std::string(text)},
                                    {"profile-level-id", std::string(text)}};
  if (const auto apt = sfu::AssociatedPayloadType(settings)) CHECK(*apt <= 127);
  if (const auto number = sfu::NumberSetting(settings, "apt", 0)) {
    const sfu::CodecSettings again{{"apt", std::to_string(*number)}};
    CHECK(sfu::NumberSetting(again, "apt", 0) == number);
  }
  (void)sfu::H264ProfileLevelOf(settings);
  (void)sfu::KindOfMimeType(text);
}

void Traceparent(std::string_view text) {
  const auto context = TraceContext::Parse(text);
  if (!context) return;
  CHECK(context->ToString().size() == TraceContext::kTextSize);
  CHECK(TraceContext::Parse(context->ToString()) == context);
}

}  // namespace

CONFAB_FUZZ_TARGET(parameter_text) {
  const std::string_view text = AsText(input);
  Address(text);
  Network(text);
  Base64(text);
  Fingerprint(text);
  Profile(text);
  Mode(text);
  Uri(text);
  Setting(text);
  Traceparent(text);
}

}  // namespace confab
