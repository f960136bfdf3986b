#include "services/signaling/placement/lease_calls.h"

#include <algorithm>
#include <utility>

#include "net/clock.h"
#include "rpc/limits.h"
#include "services/signaling/placement/router_id.h"

namespace confab::signaling {

namespace pb = media::v1;

static_assert(MediaClient::Options().lease_deadline == RoomLease::kMediaDeadline);
// gRPC waits up to a fifth longer than it was told.
static_assert(RoomLease::kRefusalAge >
              TimeDelta::Millis(rpc::kConnectTimeoutMs + rpc::kMaxReconnectMs * 6 / 5));

LeaseCalls::LeaseCalls(MediaPool& pool, LeaseKeeper& keeper, Spawn spawn, OnSight on_sight,
                       std::function<void()> on_answer)
    : pool_(pool),
      keeper_(keeper),
      spawn_(std::move(spawn)),
      on_sight_(std::move(on_sight)),
      on_answer_(std::move(on_answer)) {}

void LeaseCalls::Add(PlacementCall call) {
  auto& lease = std::get<LeaseMedia>(call.what);
  const auto kind =
      lease.kind == LeaseKind::kTake ? pb::LeaseRequest::TAKE : pb::LeaseRequest::RENEW;
  std::vector<Item>& items = waiting_[lease.home.media_instance];
  items.push_back(
      {std::move(call.room), call.ticket, std::move(lease.home), kind, std::move(lease.process)});
}

void LeaseCalls::Look(std::string room, Home home) {
  std::vector<Item>& items = waiting_[home.media_instance];
  items.push_back({std::move(room), 0, std::move(home), pb::LeaseRequest::LOOK, ""});
}

void LeaseCalls::Start() {
  for (auto& [media_instance, items] : std::exchange(waiting_, {})) {
    for (size_t begin = 0; begin < items.size(); begin += kMaxItems) {
      const size_t end = std::min(begin + kMaxItems, items.size());
      const auto first = std::make_move_iterator(items.begin());
      Send(media_instance,
           {first + static_cast<ptrdiff_t>(begin), first + static_cast<ptrdiff_t>(end)});
    }
  }
}

void LeaseCalls::Send(const std::string& media_instance, std::vector<Item> items) {
  pb::LeaseRequest request;
  for (const Item& item : items) {
    pb::LeaseRequest::Item& asked = *request.add_items();
    asked.set_router_id(RouterIdOf(item.room));
    asked.set_epoch(item.home.epoch);
    asked.set_kind(item.kind);
    asked.set_instance_id(item.process);
  }
  auto call = pool_.Of(media_instance).Lease(std::move(request));
  spawn_(Await(std::move(items), std::move(call), alive_));
}

asio::awaitable<void> LeaseCalls::Await(std::vector<Item> items, MediaCall<pb::LeaseResponse> call,
                                        Alive alive) {
  const Result<pb::LeaseResponse> response = co_await call.Wait();
  if (alive.expired()) co_return;
  for (size_t i = 0; i < items.size(); ++i) {
    const int index = static_cast<int>(i);
    const bool is_there = response && index < response->results_size();
    if (is_there) {
      HandleAnswer(items[i], response->results(index));
    } else if (items[i].kind != pb::LeaseRequest::LOOK) {
      Tell(items[i], call.was_refused() ? LeaseAnswer::kDead : LeaseAnswer::kSilent);
    }
  }
  on_answer_();
}

void LeaseCalls::HandleAnswer(const Item& item, const pb::LeaseResponse::Result& result) {
  if (item.kind == pb::LeaseRequest::LOOK) {
    return on_sight_(item.room, item.home, LeaseSightOf(result, item.home.epoch));
  }
  const LeaseAnswer answer = LeaseAnswerOf(result, item.home.epoch);
  if (answer == LeaseAnswer::kNoPlace) ++counters_.no_place;
  Tell(item, answer);
}

void LeaseCalls::Tell(const Item& item, LeaseAnswer answer) {
  keeper_.HandleLease(net::MonotonicNow(), item.room, item.ticket, answer);
}

}  // namespace confab::signaling
