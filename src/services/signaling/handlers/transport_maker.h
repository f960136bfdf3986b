#pragma once

#include <string>

#include "base/error.h"
#include "confab/media/v1/media.pb.h"
#include "net/asio.h"
#include "services/signaling/call/switchboard.h"
#include "services/signaling/protocol/requests.h"

namespace confab::signaling {

// Makes transports at the media service and enters them in the room.
class TransportMaker {
 public:
  explicit TransportMaker(Switchboard& switchboard) : switchboard_(switchboard) {}

  // A pair for a quick participant, both at once, and consumers of all that there is to receive:
  // the reply's `transports`. What the stages took is added to `times`, which is alive until then.
  // Errors: the media service's, kInvalidState (the attempt is over).
  asio::awaitable<Result<json::object>> MakePair(Place place, uint32_t attempt,
                                                 TransportPair parameters, StageTimes& times);
  // One of which the client has given its fingerprint: a TransportEntry. Errors: as above.
  asio::awaitable<Result<json::object>> MakeGiven(Place place, uint32_t attempt,
                                                  Direction direction,
                                                  media::v1::DtlsParameters parameters,
                                                  StageTimes& times);
  // One that the client connects later: a TransportEntry.
  asio::awaitable<Result<json::object>> MakeOne(Place place, std::optional<Direction> direction);
  // A plain one: `{ id, tuple, rtcpTuple?, srtpParameters? }`.
  asio::awaitable<Result<json::object>> MakePlain(Place place, CreatePlainTransportRequest request);

 private:
  // Times how long it takes until this transport is connected.
  void ExpectConnect(const MediaId& id);
  // The room has a media instance from here on, and the attempt is not over. Errors: those of
  // Switchboard::FindHome, kInvalidState, kMediaUnavailable.
  asio::awaitable<Result<void>> FindHome(Place place, uint32_t attempt, StageTimes& times);
  // Enters what the media service has made, or has it closed there. Error kInvalidState.
  Result<void> Enter(const Place& place, uint32_t attempt, Transport transport);
  asio::awaitable<Result<json::object>> Make(Place place, uint32_t attempt, Transport transport,
                                             media::v1::CreateTransportRequest request,
                                             StageTimes& times);
  // `parameters` may be nullptr.
  media::v1::CreateTransportRequest Request(const Place& place,
                                            const media::v1::DtlsParameters* parameters);

  Switchboard& switchboard_;
};

}  // namespace confab::signaling
