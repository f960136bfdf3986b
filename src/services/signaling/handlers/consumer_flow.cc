#include "services/signaling/handlers/consumer_flow.h"

#include <utility>

namespace confab::signaling {

namespace pb = media::v1;

asio::awaitable<Result<void>> ConsumerFlow::Apply(Place place, std::vector<MediaId> consumer_ids,
                                                  ConsumerWish wish) {
  const auto with_wish = [wish](Consumer consumer) {
    if (wish == ConsumerWish::kReady) consumer.ready = true;
    consumer.paused_by_client = wish == ConsumerWish::kPause;
    return consumer;
  };
  Participant* receiver = place.room->Find(place.participant);
  pb::MediaIds changing;
  std::vector<MediaId> videos;
  size_t known = 0;
  for (const MediaId& id : consumer_ids) {
    const Consumer* consumer = receiver->FindConsumer(id);
    if (consumer == nullptr) continue;  // closed while the message was on its way
    ++known;
    if (with_wish(*consumer).flows() == consumer->flows()) continue;
    changing.add_consumer_ids(id);
    if (consumer->kind == MediaKind::kVideo) videos.push_back(consumer->producer_id);
  }
  if (known == 0) {
    co_return Fail(ErrorCode::kConsumerNotFound, "none of these consumers is yours");
  }
  if (changing.consumer_ids_size() > 0) {
    MediaCall call = wish == ConsumerWish::kPause
                         ? switchboard_.media(place).Pause(std::move(changing))
                         : switchboard_.media(place).Resume(std::move(changing));
    if (wish != ConsumerWish::kPause) switchboard_.RequestKeyFrames(*place.room, videos);
    const Result<pb::MediaIdsResponse> done = co_await call.Wait();
    if (!done) co_return std::unexpected(done.error());
  }
  receiver = place.room->Find(place.participant);
  for (const MediaId& id : consumer_ids) {
    Consumer* consumer = receiver == nullptr ? nullptr : receiver->FindConsumer(id);
    if (consumer != nullptr) *consumer = with_wish(std::move(*consumer));
  }
  co_return Result<void>();
}

}  // namespace confab::signaling
