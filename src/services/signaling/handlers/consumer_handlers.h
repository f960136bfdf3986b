#pragma once

#include <vector>

#include "services/signaling/call/switchboard.h"
#include "services/signaling/handlers/consumer_flow.h"
#include "services/signaling/handlers/event_table.h"
#include "services/signaling/protocol/requests.h"

namespace confab::signaling {

// consumersReady, pauseConsumers, resumeConsumers, and the classic consume, resumeConsumer,
// pauseConsumer, closeConsumer.
class ConsumerHandlers {
 public:
  explicit ConsumerHandlers(Switchboard& switchboard)
      : switchboard_(switchboard), flow_(switchboard) {}
  void AddTo(EventTable& table);

 private:
  using Reply = asio::awaitable<Result<json::value>>;

  Reply ApplyToMany(Session& session, const json::value& payload, ConsumerWish wish);
  Reply ApplyToOne(Session& session, const json::value& payload, ConsumerWish wish);
  Reply Consume(Session& session, const json::value& payload);
  asio::awaitable<Result<MediaId>> Make(Place place, const ConsumeRequest& request);
  Result<json::value> Close(Session& session, const json::value& payload);

  Switchboard& switchboard_;
  ConsumerFlow flow_;
};

}  // namespace confab::signaling
