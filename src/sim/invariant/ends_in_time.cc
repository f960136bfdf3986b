#include "sim/invariant/ends_in_time.h"

#include <fmt/format.h>

#include "rtc/stun/stun_message.h"

namespace confab::sim {

void EndsInTime::OnServerDatagram(Timestamp now, const rtc::Path& path, BytesView bytes) {
  const auto message = rtc::StunMessage::Parse(bytes);
  if (!message || message->message_class() != rtc::StunClass::kSuccessResponse) return;
  if (const TransportEntry* transport = world_.ledger.TransportAt(path.remote)) {
    answered_at_[transport] = now;
  }
}

void EndsInTime::OnWorkerEvent(Timestamp now, const sfu::WorkerEvent& event) {
  const auto* closed = std::get_if<sfu::TransportClosed>(&event);
  if (closed == nullptr) return;
  const TransportEntry* transport = world_.ledger.FindTransport(closed->transport_id);
  if (transport == nullptr || !transport->is_open()) return;  // see ClosedIsSilent
  if (MayEnd(now, *transport, closed->reason)) return;
  Break(fmt::format("{} was given up ({}), {} ms after a check of its peer was answered",
                    transport->id, closed->reason, SilentFor(now, *transport).ms()));
}

// The people of a run never say goodbye in DTLS, and nothing can go wrong with it once it is done.
bool EndsInTime::MayEnd(Timestamp now, const TransportEntry& transport,
                        std::string_view reason) const {
  if (reason == "ice-timeout") return SilentFor(now, transport) >= kPatience;
  if (reason != "dtls-failed" || transport.told_connected) return false;
  return now - transport.opened_at >= kPatience;
}

void EndsInTime::EverySecond(Timestamp now) {
  for (const TransportEntry& transport : world_.ledger.transports()) {
    if (!transport.is_open() || SilentFor(now, transport) <= kPatience + kGrace) continue;
    Break(fmt::format("{} is still there, {} ms after a check of its peer was answered",
                      transport.id, SilentFor(now, transport).ms()));
  }
}

// Before the first answer: since it was made.
TimeDelta EndsInTime::SilentFor(Timestamp now, const TransportEntry& transport) const {
  const auto answered = answered_at_.find(&transport);
  return now - (answered == answered_at_.end() ? transport.opened_at : answered->second);
}

}  // namespace confab::sim
