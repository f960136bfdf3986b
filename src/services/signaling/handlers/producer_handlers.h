#pragma once

#include "services/signaling/call/switchboard.h"
#include "services/signaling/handlers/event_table.h"
#include "services/signaling/protocol/requests.h"

namespace confab::signaling {

// produce, closeProducer, pauseProducer, resumeProducer.
class ProducerHandlers {
 public:
  explicit ProducerHandlers(Switchboard& switchboard) : switchboard_(switchboard) {}
  void AddTo(EventTable& table);

 private:
  using Reply = asio::awaitable<Result<json::value>>;

  Reply Produce(Session& session, const json::value& payload);
  asio::awaitable<Result<void>> Make(Place place, const Producer& producer,
                                     media::v1::RtpParameters parameters);
  Reply Close(Session& session, const json::value& payload);
  Reply SetFlow(Session& session, const json::value& payload, Flow flow);

  Switchboard& switchboard_;
};

}  // namespace confab::signaling
