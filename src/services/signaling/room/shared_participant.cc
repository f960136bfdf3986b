#include "services/signaling/room/shared_participant.h"

#include <algorithm>

namespace confab::signaling {
namespace {

constexpr std::string_view kSend = "send";
constexpr std::string_view kRecv = "recv";

std::string_view ToText(std::optional<Direction> direction) {
  if (!direction) return "";
  return *direction == Direction::kSend ? kSend : kRecv;
}

std::optional<Direction> DirectionOf(std::string_view text) {
  if (text == kSend) return Direction::kSend;
  if (text == kRecv) return Direction::kRecv;
  return std::nullopt;
}

// nothing: an unknown word.
template <typename Enum, size_t kCount>
std::optional<Enum> Among(const std::array<std::string_view, kCount>& names,
                          std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

void Add(const Producer& producer, v1::SharedParticipant& shared) {
  v1::SharedProducer& entry = *shared.add_producers();
  entry.set_own_id(producer.own_id);
  entry.set_id(producer.id);
  entry.set_transport_id(producer.transport_id);
  entry.set_kind(std::string(ToString(producer.kind)));
  entry.set_source(std::string(ToString(producer.source)));
  entry.set_paused(producer.paused);
}

void Add(const Transport& transport, v1::SharedParticipant& shared) {
  v1::SharedTransport& entry = *shared.add_transports();
  entry.set_id(transport.id);
  entry.set_direction(std::string(ToText(transport.direction)));
  entry.set_is_connected(transport.dtls == Transport::Dtls::kGiven);
}

void Add(const auth::Grants& grants, v1::SharedParticipant& shared) {
  v1::SharedGrants& entry = *shared.mutable_grants();
  entry.set_audio(grants.audio);
  entry.set_video(grants.video);
  entry.set_screen(grants.screen);
  entry.set_chat(grants.chat);
  entry.set_data(grants.data);
  entry.set_hidden(grants.hidden);
  entry.set_moderate(grants.moderate);
}

}  // namespace

v1::SharedParticipant ToShared(const Participant& participant) {
  v1::SharedParticipant shared;
  shared.set_term(participant.term);
  shared.set_joined_at_ms(participant.joined_at_ms);
  shared.set_name(participant.name);
  shared.set_is_connected(participant.is_connected());
  shared.set_is_classic(participant.mode == Mode::kClassic);
  shared.set_role(participant.role);
  shared.set_identity(participant.identity);
  shared.set_trace(participant.trace);
  Add(participant.grants, shared);
  for (const Producer& producer : participant.producers) Add(producer, shared);
  for (const Transport& transport : participant.transports) Add(transport, shared);
  *shared.mutable_rtp_capabilities() = participant.rtp_capabilities;
  return shared;
}

std::vector<Producer> ProducersOf(const v1::SharedParticipant& shared) {
  std::vector<Producer> producers;
  for (const v1::SharedProducer& entry : shared.producers()) {
    const auto kind = Among<MediaKind>(kMediaKindNames, entry.kind());
    const auto source = Among<Source>(kSourceNames, entry.source());
    if (!kind || !source) continue;
    producers.push_back({.own_id = entry.own_id(),
                         .id = entry.id(),
                         .transport_id = entry.transport_id(),
                         .kind = *kind,
                         .source = *source,
                         .paused = entry.paused()});
  }
  return producers;
}

std::vector<Transport> TransportsOf(const v1::SharedParticipant& shared) {
  std::vector<Transport> transports;
  for (const v1::SharedTransport& entry : shared.transports()) {
    transports.push_back(
        {.id = entry.id(),
         .direction = DirectionOf(entry.direction()),
         .dtls = entry.is_connected() ? Transport::Dtls::kGiven : Transport::Dtls::kUnknown});
  }
  return transports;
}

auth::Grants GrantsOf(const v1::SharedParticipant& shared) {
  const v1::SharedGrants& grants = shared.grants();
  return {.audio = grants.audio(),
          .video = grants.video(),
          .screen = grants.screen(),
          .chat = grants.chat(),
          .data = grants.data(),
          .hidden = grants.hidden(),
          .moderate = grants.moderate()};
}

}  // namespace confab::signaling
