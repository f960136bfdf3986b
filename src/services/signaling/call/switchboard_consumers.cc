// The part of Switchboard that asks the media service for what participants receive.
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <utility>

#include "base/back_off.h"
#include "services/signaling/call/switchboard.h"
#include "services/signaling/protocol/rtp_writer.h"

namespace confab::signaling {

namespace pb = media::v1;

namespace {

constexpr TimeDelta kFirstConsumePause = TimeDelta::Millis(200);
constexpr TimeDelta kMostConsumePause = TimeDelta::Seconds(1);

}  // namespace

asio::awaitable<void> Switchboard::ConsumeAllMissing(Place place) {
  BackOff back_off(kFirstConsumePause, kMostConsumePause);
  asio::steady_timer pause(io_);
  bool is_logged = false;  // of failures in a row the first
  while (!is_stopping_) {
    const Participant* receiver = place.room->Find(place.participant);
    if (receiver == nullptr || !receiver->media_is_settled) break;
    std::vector<MissingConsumer> missing = place.room->TakeMissing(place.participant);
    if (missing.empty()) break;
    const Result<void> done = co_await Consume(place, std::move(missing), Delivery::kPushed);
    if (done) {
      back_off.Reset();
      is_logged = false;
      continue;
    }
    // Whoever makes a new transport gets what is missing in the answer.
    if (done.error().code == ErrorCode::kTransportNotFound) break;
    // Again and again: in a quiet room nothing else would ever ask for it.
    if (!is_logged) log_.ConsumeFailed(place, done.error());
    is_logged = true;
    pause.expires_after(ToChrono(back_off.Next(random_)));
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  consuming_.erase(place.participant);
}

asio::awaitable<Result<void>> Switchboard::ConsumeWhatIsMissing(Place place, Delivery delivery) {
  std::vector<MissingConsumer> missing = place.room->TakeMissing(place.participant);
  if (missing.empty()) co_return Result<void>();
  co_return co_await Consume(std::move(place), std::move(missing), delivery);
}

asio::awaitable<Result<void>> Switchboard::Consume(Place place,
                                                   std::vector<MissingConsumer> missing,
                                                   Delivery delivery) {
  const Participant* receiver = place.room->Find(place.participant);
  const Transport* transport =
      receiver == nullptr ? nullptr : receiver->FindTransport(Direction::kRecv);
  if (transport == nullptr) co_return Fail(ErrorCode::kTransportNotFound, "the transport has gone");
  const MediaId transport_id = transport->id;
  pb::ConsumeRequest request;
  request.set_transport_id(transport_id);
  for (const MissingConsumer& item : missing) {
    pb::ConsumeItem& asked = *request.add_items();
    asked.set_consumer_id(NewMediaId());
    asked.set_producer_id(item.producer_id);
    asked.set_paused(delivery != Delivery::kInReply);
  }
  MediaCall<pb::ConsumeResponse> call = media(place).Consume(std::move(request));
  Result<pb::ConsumeResponse> response = co_await call.Wait();
  if (!response) {
    place.room->ReturnMissing(place.participant, missing);
    co_return std::unexpected(std::move(response.error()));
  }
  std::vector<Consumer> consumers;
  const size_t count = std::min(missing.size(), static_cast<size_t>(response->results_size()));
  for (size_t i = 0; i < count; ++i) {
    const pb::ConsumeResult& result = response->results(static_cast<int>(i));
    if (!result.error().empty()) continue;  // the receiver cannot take it: for good
    consumers.push_back({.id = result.consumer_id(),
                         .producer_id = missing[i].producer_id,
                         .owner = missing[i].owner,
                         .transport_id = transport_id,
                         .kind = missing[i].kind,
                         .source = missing[i].source,
                         .type = result.type(),
                         .rtp_parameters = ToJson(result.rtp_parameters())});
  }
  Effects effects = place.room->AddConsumers(place.participant, std::move(consumers), delivery);
  Apply(place.room, std::move(effects));
  co_return Result<void>();
}

}  // namespace confab::signaling
