#include "services/signaling/room/participant.h"

#include <algorithm>

namespace confab::signaling {
namespace {

template <typename Range, typename Predicate>
auto* FindIn(Range& range, Predicate predicate) {
  const auto found = std::ranges::find_if(range, predicate);
  return found == range.end() ? nullptr : &*found;
}

}  // namespace

const Transport* Participant::FindTransport(std::string_view transport_id) const {
  return FindIn(transports, [&](const Transport& t) { return t.id == transport_id; });
}

Transport* Participant::FindTransport(std::string_view transport_id) {
  return FindIn(transports, [&](const Transport& t) { return t.id == transport_id; });
}

const Transport* Participant::FindTransport(Direction direction) const {
  return FindIn(transports,
                [&](const Transport& t) { return t.direction.value_or(direction) == direction; });
}

Producer* Participant::FindProducer(std::string_view own_id) {
  return FindIn(producers, [&](const Producer& p) { return p.own_id == own_id; });
}

Consumer* Participant::FindConsumer(std::string_view consumer_id) {
  const auto found = consumers.find(MediaId(consumer_id));
  return found == consumers.end() ? nullptr : &found->second;
}

}  // namespace confab::signaling
