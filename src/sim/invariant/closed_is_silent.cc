#include "sim/invariant/closed_is_silent.h"

#include <fmt/format.h>

namespace confab::sim {

void ClosedIsSilent::OnServerPacket(Timestamp, const ServerPacket& packet) {
  if (packet.transport == nullptr) {
    return Break(
        fmt::format("a packet went to {}, where nobody ever was", packet.path.remote.ToString()));
  }
  if (!packet.transport->is_open()) {
    return Break(fmt::format("a packet went to {} after its close", packet.transport->id));
  }
  if (packet.kind != rtc::SrtpKind::kRtp) return;
  if (packet.consumer == nullptr) {
    return Break(fmt::format("{} was sent ssrc {}, which is no consumer's", packet.transport->id,
                             packet.ssrc.value()));
  }
  if (!packet.consumer->open) {
    Break(fmt::format("{} was sent media after its close", packet.consumer->id));
  }
}

// A goodbye leaves in the step in which the transport is closed.
void ClosedIsSilent::OnServerDatagram(Timestamp now, const rtc::Path& path, BytesView) {
  const TransportEntry* transport = world_.ledger.TransportAt(path.remote);
  if (transport != nullptr && transport->closed_at < now) {
    Break(fmt::format("{} was sent STUN or DTLS after its close", transport->id));
  }
}

// What happened just before a call that closed the transport is told after it, in the same step.
void ClosedIsSilent::OnWorkerEvent(Timestamp now, const sfu::WorkerEvent& event) {
  if (const auto* connected = std::get_if<sfu::TransportConnected>(&event)) {
    CheckTransport(connected->transport_id, now, "as connected");
    if (!connected_.insert(connected->transport_id).second) {
      Break(fmt::format("{} was reported as connected twice", connected->transport_id));
    }
  } else if (const auto* closed = std::get_if<sfu::TransportClosed>(&event)) {
    CheckTransport(closed->transport_id, Timestamp::Never(), "as closed");
    if (!closed_.insert(closed->transport_id).second) {
      Break(fmt::format("{} was reported as closed twice", closed->transport_id));
    }
  } else if (const auto* moved = std::get_if<sfu::TransportMoved>(&event)) {
    CheckTransport(moved->transport_id, now, "as moved");
  } else if (const auto* report = std::get_if<sfu::TransportReport>(&event)) {
    CheckTransport(report->transport_id, now, "on");
  } else if (const auto* speakers = std::get_if<sfu::ActiveSpeakersChanged>(&event)) {
    CheckSpeakers(*speakers);
  }
}

void ClosedIsSilent::CheckSpeakers(const sfu::ActiveSpeakersChanged& event) {
  for (const auto& speaker : event.speakers) {
    const ProducerEntry* producer = world_.ledger.FindProducer(speaker.producer_id);
    if (producer == nullptr || !producer->open || producer->paused) {
      Break(
          fmt::format("{} was reported as speaking, but is closed or muted", speaker.producer_id));
    }
  }
}

void ClosedIsSilent::CheckTransport(const std::string& id, Timestamp limit, std::string_view how) {
  const TransportEntry* transport = world_.ledger.FindTransport(id);
  if (transport == nullptr || transport->closed_at < limit) {
    Break(fmt::format("{} was reported {} after its close", id, how));
  }
}

}  // namespace confab::sim
