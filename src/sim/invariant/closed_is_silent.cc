#include "sim/invariant/closed_is_silent.h"

#include <fmt/format.h>

namespace confab::sim {
namespace {

template <typename Entries>
const auto* FindById(const Entries& entries, std::string_view id) {
  const auto found = std::ranges::find_if(entries, [id](const auto& e) { return e.id == id; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

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

void ClosedIsSilent::OnWorkerEvent(Timestamp, const sfu::WorkerEvent& event) {
  if (const auto* connected = std::get_if<sfu::TransportConnected>(&event)) {
    CheckTransport(connected->transport_id, "connected");
    if (!connected_.insert(connected->transport_id).second) {
      Break(fmt::format("{} was reported as connected twice", connected->transport_id));
    }
  } else if (const auto* closed = std::get_if<sfu::TransportClosed>(&event)) {
    CheckTransport(closed->transport_id, "closed");
    if (!closed_.insert(closed->transport_id).second) {
      Break(fmt::format("{} was reported as closed twice", closed->transport_id));
    }
  } else if (const auto* speakers = std::get_if<sfu::ActiveSpeakersChanged>(&event)) {
    for (const auto& speaker : speakers->speakers) {
      const auto* producer = FindById(world_.ledger.producers(), speaker.producer_id);
      if (producer == nullptr || !producer->open || producer->paused) {
        Break(fmt::format("{} was reported as speaking, but is closed or muted",
                          speaker.producer_id));
      }
    }
  }
}

void ClosedIsSilent::CheckTransport(const std::string& id, std::string_view what) {
  const auto* transport = FindById(world_.ledger.transports(), id);
  if (transport == nullptr || !transport->is_open()) {
    Break(fmt::format("{} was reported as {} after its close", id, what));
  }
}

}  // namespace confab::sim
