#pragma once

#include <vector>

#include "services/signaling/call/switchboard.h"
#include "services/signaling/handlers/event_table.h"
#include "services/signaling/protocol/requests.h"

namespace confab::signaling {

// consumersReady, pauseConsumers, resumeConsumers, and the classic consume, resumeConsumer,
// pauseConsumer, closeConsumer.
class ConsumerHandlers {
 public:
  explicit ConsumerHandlers(Switchboard& switchboard) : switchboard_(switchboard) {}
  void AddTo(EventTable& table);

 private:
  using Reply = asio::awaitable<Result<json::value>>;

  // What the client says of consumers.
  enum class Wish : uint8_t { kReady, kPause, kResume };

  Reply ApplyToMany(Session& session, const json::value& payload, Wish wish);
  Reply ApplyToOne(Session& session, const json::value& payload, Wish wish);
  // Ids that are not the participant's are skipped. Error: kConsumerNotFound (none was), and the
  // media service's.
  asio::awaitable<Result<void>> ApplyWish(Place place, std::vector<MediaId> consumer_ids,
                                          Wish wish);
  Reply Consume(Session& session, const json::value& payload);
  asio::awaitable<Result<MediaId>> Make(Place place, const ConsumeRequest& request);
  Result<json::value> Close(Session& session, const json::value& payload);

  Switchboard& switchboard_;
};

}  // namespace confab::signaling
