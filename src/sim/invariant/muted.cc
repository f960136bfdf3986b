#include "sim/invariant/muted.h"

#include <fmt/format.h>

namespace confab::sim {

void Muted::OnServerPacket(Timestamp now, const ServerPacket& packet) {
  const ConsumerEntry* consumer = packet.consumer;
  if (consumer == nullptr || !consumer->open || packet.is_rtx()) return;
  // What was decided before the pause leaves in the same step.
  const auto muted_before = [now](bool paused, Timestamp since) { return paused && since < now; };
  if (muted_before(consumer->paused, consumer->changed_at)) {
    Break(fmt::format("{} is paused, but was sent media", consumer->id));
  } else if (muted_before(consumer->producer->paused, consumer->producer->changed_at)) {
    Break(fmt::format("{} is paused, but {} was sent its media", consumer->producer->id,
                      consumer->id));
  }
}

}  // namespace confab::sim
