#include "services/signaling/placement/placement_desk.h"

#include <boost/asio/as_tuple.hpp>
#include <utility>

#include "net/clock.h"
#include "services/signaling/media/room_media.h"
#include "services/signaling/placement/router_id.h"

namespace confab::signaling {
namespace {

std::unexpected<Error> StillLooking() {
  return Fail(ErrorCode::kPlacementUnavailable,
              "the room's media instance is still being looked for: try again in a moment");
}

}  // namespace

PlacementDesk::PlacementDesk(asio::io_context& io, store::PlacementStore& rows, MediaPool& pool,
                             PlacementListener& listener, Spawn spawn, Options options)
    : io_(io),
      pool_(pool),
      listener_(listener),
      spawn_(std::move(spawn)),
      options_(std::move(options)),
      rows_(
          rows, keeper_, spawn_, [this] { Carry(); }, options_.answer_limit),
      leases_(
          pool, keeper_, spawn_,
          [this](const std::string& room, const Home& home, LeaseSight sight) {
            HandleSight(room, home, sight);
          },
          [this] { Carry(); }),
      timer_(io) {
  StepLater();
}

std::shared_ptr<PlacementDesk::Entry> PlacementDesk::FindEntry(const std::string& room) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : found->second;
}

const std::string* PlacementDesk::RoomOf(const std::string& router_id) const {
  const auto found = room_by_router_.find(router_id);
  return found == room_by_router_.end() ? nullptr : &found->second;
}

PlacementStatus PlacementDesk::status() const {
  return {.rooms = keeper_.states(),
          .claims_granted = rows_.counters().claims_granted,
          .claims_refused = rows_.counters().claims_refused,
          .takes_refused = leases_.counters().no_place,
          .moves = moves_,
          .waits_refused = waits_refused_,
          .store_faults = rows_.counters().faults,
          .store_lag = rows_.counters().lag};
}

// ---- Rooms

Result<std::shared_ptr<PlacementDesk::Entry>> PlacementDesk::Want(const std::string& room) {
  if (auto entry = FindEntry(room)) return entry;
  RefreshCandidates();
  const Result<void> wanted = keeper_.Want(net::MonotonicNow(), room, options_.region);
  if (!wanted) return std::unexpected(wanted.error());
  auto entry = std::make_shared<Entry>();
  rooms_[room] = entry;
  room_by_router_[RouterIdOf(room)] = room;
  Carry();
  return entry;
}

asio::awaitable<Result<void>> PlacementDesk::FindFor(std::string room,
                                                     std::function<bool()> is_wanted, Alive alive) {
  if (alive.expired()) co_return StillLooking();
  const Timestamp deadline = net::MonotonicNow() + kHomeWait;
  // Whoever waits for the end of the room's life before may have gone meanwhile: nobody would end
  // it.
  while (net::MonotonicNow() < deadline && is_wanted()) {
    const Result<std::shared_ptr<Entry>> wanted = Want(room);
    if (!wanted) co_return std::unexpected(wanted.error());
    const std::shared_ptr<Entry> entry = *wanted;
    if (entry->home && !entry->is_ending) co_return Result<void>();
    const uint64_t refusals = entry->refusals;
    co_await WaitForChange(entry, deadline);
    if (alive.expired()) co_return StillLooking();
    if (!entry->is_ending && entry->refusals > refusals) {
      ++waits_refused_;
      co_return std::unexpected(entry->refusal);
    }
  }
  ++waits_refused_;
  co_return StillLooking();
}

asio::awaitable<void> PlacementDesk::WaitForChange(std::shared_ptr<Entry> entry,
                                                   Timestamp deadline) {
  asio::steady_timer timer(io_);
  timer.expires_at(asio::steady_timer::time_point(ToChrono(deadline - Timestamp())));
  entry->waiting.push_back(&timer);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  std::erase(entry->waiting, &timer);
}

void PlacementDesk::Wake(Entry& entry) {
  for (asio::steady_timer* timer : std::exchange(entry.waiting, {})) timer->cancel();
}

void PlacementDesk::Forget(const std::string& room) {
  const std::shared_ptr<Entry> entry = FindEntry(room);
  rooms_.erase(room);
  room_by_router_.erase(RouterIdOf(room));
  unproven_.erase(room);
  if (entry) Wake(*entry);
}

void PlacementDesk::End(const std::string& room, std::vector<std::string> transport_ids) {
  const std::shared_ptr<Entry> entry = FindEntry(room);
  if (!entry || entry->is_ending) return;
  entry->is_ending = true;
  if (entry->home) return spawn_(Close(room, *entry->home, std::move(transport_ids), alive_));
  keeper_.Leave(room, LeaseKeeper::Leaving::kOthersStay);
  Forget(room);
  Carry();
}

// What media did not confirm may still be there: then the row stands until it is waited out.
asio::awaitable<void> PlacementDesk::Close(std::string room, Home home,
                                           std::vector<std::string> transport_ids, Alive alive) {
  using enum LeaseKeeper::Leaving;
  if (alive.expired()) co_return;
  auto leaving = kOthersStay;
  // Once more, for what was sent before may be carried out after the first attempt.
  for (int attempt = 0; attempt < kCloseAttempts && leaving == kOthersStay; ++attempt) {
    RoomMedia media(pool_.Of(home.media_instance), RouterIdOf(room), home.epoch);
    auto call = media.CloseOwn(transport_ids);
    const auto closed = co_await call.Wait();
    if (alive.expired()) co_return;
    if (!closed) break;
    if (!closed->router_left()) leaving = kRoomEnded;
  }
  keeper_.Leave(room, leaving);
  Forget(room);
  Carry();
}

// ---- What happens elsewhere

void PlacementDesk::HandleUp(const std::string& media_instance) {
  const Timestamp now = net::MonotonicNow();
  keeper_.HandleUp(now, media_instance, pool_.Of(media_instance).process());
  loads_.HandleUp(media_instance);
  RefreshCandidates();
  Carry();
}

void PlacementDesk::HandleDown(const std::string& media_instance) {
  keeper_.SetReach(net::MonotonicNow(), media_instance, MediaReach::kSilent);
  loads_.HandleChange();
}

void PlacementDesk::HandleRefused(const std::string& media_instance) {
  loads_.HandleChange();
  RefreshCandidates();
  keeper_.SetReach(net::MonotonicNow(), media_instance, MediaReach::kDead);
  Carry();
}

void PlacementDesk::HandleLoad(const std::string& media_instance, const media::v1::Load& load) {
  loads_.HandleLoad(net::MonotonicNow(), media_instance, load);
}

void PlacementDesk::HandleRouterClosed(const std::string& media_instance,
                                       const media::v1::RouterClosed& closed) {
  const std::string* room = RoomOf(closed.router_id());
  if (room == nullptr || closed.epoch() == 0) return;
  RefreshCandidates();  // of a drain that is over
  keeper_.HandleEnded(net::MonotonicNow(), *room, {media_instance, closed.epoch()});
  Carry();
}

void PlacementDesk::HandleHeard(const std::string& room, const Home& home) {
  keeper_.HandleHeard(net::MonotonicNow(), room, home);
}

// ---- Steps

void PlacementDesk::StepLater() {
  timer_.expires_after(ToChrono(LeaseKeeper::kStep));
  timer_.async_wait([this](const error_code& error) {
    if (error) return;
    Step();
    StepLater();
  });
}

// A process that hangs, or a way that swallows everything, breaks no connection for a long time.
void PlacementDesk::NoticeSilence() {
  const Timestamp now = net::MonotonicNow();
  for (const MediaPool::InstanceStatus& instance : pool_.status()) {
    if (!instance.is_up) continue;
    keeper_.SetReach(now, instance.id,
                     loads_.IsSilent(now, instance.id) ? MediaReach::kSilent : MediaReach::kUp);
  }
}

void PlacementDesk::Step() {
  NoticeSilence();
  RefreshCandidates();
  keeper_.Step(net::MonotonicNow());
  for (const std::string& room : unproven_) leases_.Look(room, *rooms_.at(room)->unproven);
  Carry();
}

void PlacementDesk::RefreshCandidates() {
  const Timestamp now = net::MonotonicNow();
  const std::vector<MediaPool::InstanceStatus> instances = pool_.status();
  if (loads_.IsDue(now, instances)) choice_.SetCandidates(loads_.Take(now, instances));
}

void PlacementDesk::Carry() {
  // A listener may come back here: what it causes is carried out by the loop that called it.
  if (std::exchange(is_carrying_, true)) return;
  for (PlacementCalls calls = keeper_.TakeCalls(); !calls.empty(); calls = keeper_.TakeCalls()) {
    for (PlacementCall& call : calls) CarryOne(std::move(call));
  }
  is_carrying_ = false;
  rows_.Start();
  leases_.Start();
}

void PlacementDesk::CarryOne(PlacementCall call) {
  if (auto* found = std::get_if<HomeFound>(&call.what)) {
    HandleHome(call.room, found->home);
  } else if (auto* no_home = std::get_if<NoHome>(&call.what)) {
    HandleNoHome(call.room, std::move(*no_home));
  } else if (auto* held = std::get_if<TellHeld>(&call.what)) {
    listener_.OnHeld(call.room, held->home);
  } else if (std::holds_alternative<LeaseMedia>(call.what)) {
    leases_.Add(std::move(call));
  } else {
    rows_.Add(std::move(call));
  }
}

void PlacementDesk::HandleHome(const std::string& room, const Home& home) {
  const std::shared_ptr<Entry> entry = FindEntry(room);
  if (!entry || entry->is_ending) return;
  const RoomLease* lease = keeper_.Find(room);
  const bool is_others = lease != nullptr && lease->state() == RoomLease::State::kFollowing;
  if (!is_others) return Settle(room, *entry, home);
  // Of a row that nobody has renewed for a day the lease is long over; commands would be refused.
  entry->unproven = home;
  unproven_.insert(room);
  leases_.Look(room, home);
}

void PlacementDesk::HandleSight(const std::string& room, const Home& home, LeaseSight sight) {
  const std::shared_ptr<Entry> entry = FindEntry(room);
  if (!entry || entry->is_ending || entry->unproven != home) return;
  if (sight == LeaseSight::kAlive) return Settle(room, *entry, home);
  if (sight == LeaseSight::kOver) keeper_.HandleEnded(net::MonotonicNow(), room, home);
}

void PlacementDesk::Settle(const std::string& room, Entry& entry, const Home& home) {
  using enum PlacementListener::Move;
  const bool is_first = !entry.last;
  const bool is_other = !is_first && entry.last->media_instance != home.media_instance;
  const std::string from = is_other ? entry.last->media_instance : "";
  entry.home = entry.last = home;
  entry.unproven.reset();
  entry.is_told_homeless = false;
  unproven_.erase(room);
  if (is_other) ++moves_;
  if (is_first || is_other) {
    Tell({.kind = is_first ? PlacementNews::Kind::kPlaced : PlacementNews::Kind::kMoved,
          .room = room,
          .media_instance = home.media_instance,
          .from = from,
          .epoch = home.epoch});
  }
  listener_.OnHome(room, home, is_first ? kFirst : is_other ? kOtherInstance : kSameInstance);
  Wake(entry);
}

void PlacementDesk::HandleNoHome(const std::string& room, NoHome no_home) {
  const std::shared_ptr<Entry> entry = FindEntry(room);
  if (!entry || entry->is_ending) return;
  entry->unproven.reset();
  unproven_.erase(room);
  if (!std::exchange(entry->is_told_homeless, true)) {
    Tell({.kind = PlacementNews::Kind::kHomeless, .room = room, .reason = no_home.reason.message});
  }
  if (std::exchange(entry->home, std::nullopt)) listener_.OnNoHome(room);
  if (no_home.outlook == NoHome::Outlook::kSoon) return;
  ++entry->refusals;
  entry->refusal = std::move(no_home.reason);
  Wake(*entry);
}

void PlacementDesk::Tell(const PlacementNews& news) const {
  if (options_.on_news) options_.on_news(news);
}

}  // namespace confab::signaling
