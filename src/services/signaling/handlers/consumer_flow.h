#pragma once

#include <vector>

#include "base/error.h"
#include "net/asio.h"
#include "services/signaling/call/switchboard.h"

namespace confab::signaling {

// What a client says of its consumers.
enum class ConsumerWish : uint8_t { kReady, kPause, kResume };

// Starts and stops consumers, here and at the media service.
class ConsumerFlow {
 public:
  explicit ConsumerFlow(Switchboard& switchboard) : switchboard_(switchboard) {}

  // Ids that are not the participant's are skipped. Error: kConsumerNotFound (none was), and the
  // media service's.
  asio::awaitable<Result<void>> Apply(Place place, std::vector<MediaId> consumer_ids,
                                      ConsumerWish wish);

 private:
  Switchboard& switchboard_;
};

}  // namespace confab::signaling
