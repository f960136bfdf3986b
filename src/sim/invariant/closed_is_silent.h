#pragma once

#include <set>

#include "sim/invariant/invariant.h"

namespace confab::sim {

// What is closed is not heard of again: nothing is sent to a closed transport or for a closed
// consumer, and no event names what is closed.
class ClosedIsSilent final : public Invariant {
 public:
  explicit ClosedIsSilent(const World& world) : world_(world) {}
  std::string_view name() const override { return "closed-is-silent"; }

  void OnServerPacket(Timestamp now, const ServerPacket& packet) override;
  void OnServerDatagram(Timestamp now, const rtc::Path& path, BytesView bytes) override;
  void OnWorkerEvent(Timestamp now, const sfu::WorkerEvent& event) override;

 private:
  // It is none that was closed before `limit`.
  void CheckTransport(const std::string& id, Timestamp limit, std::string_view how);
  void CheckSpeakers(const sfu::ActiveSpeakersChanged& event);

  World world_;
  std::set<std::string> connected_;
  std::set<std::string> closed_;
};

}  // namespace confab::sim
