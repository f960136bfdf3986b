#include "services/signaling/placement/row_calls.h"

#include <algorithm>
#include <utility>

#include "backends/store/limits.h"
#include "net/clock.h"

namespace confab::signaling {
namespace {

PlacementSight SightOf(const store::PlacementRow& row) {
  return {.media_instance = row.media_instance, .epoch = row.epoch, .renewals = row.renewals};
}

bool IsRelease(const PlacementCall& call) {
  return std::holds_alternative<ReleaseRow>(call.what);
}

}  // namespace

RowCalls::RowCalls(store::PlacementStore& rows, LeaseKeeper& keeper, Spawn spawn,
                   std::function<void()> on_answer, TimeDelta answer_limit)
    : rows_(rows),
      keeper_(keeper),
      spawn_(std::move(spawn)),
      on_answer_(std::move(on_answer)),
      answer_limit_(answer_limit) {}

RowCalls::QuestionPtr RowCalls::Ask(const asio::any_io_executor& executor,
                                    const std::vector<Waiting>& for_whom) {
  std::vector<std::pair<std::string, uint64_t>> tickets;
  for (const Waiting& each : for_whom) tickets.emplace_back(each.call.room, each.call.ticket);
  auto question = std::make_shared<Question>(executor);
  question->limit.expires_after(ToChrono(answer_limit_));
  question->limit.async_wait([this, question, alive = Alive(alive_),
                              tickets = std::move(tickets)](const error_code& error) {
    if (error || alive.expired()) return;
    question->is_given_up = true;
    ++counters_.faults;
    for (const auto& [room, ticket] : tickets) {
      keeper_.HandleStoreFault(net::MonotonicNow(), room, ticket);
    }
    on_answer_();
  });
  return question;
}

bool RowCalls::Answered(Question& question, Timestamp since) {
  question.limit.cancel();
  counters_.lag = net::MonotonicNow() - since;
  keeper_.SetStoreLag(counters_.lag);
  return !question.is_given_up;
}

void RowCalls::Add(PlacementCall call) {
  Waiting waiting{std::move(call), net::MonotonicNow()};
  if (std::holds_alternative<RenewRow>(waiting.call.what)) {
    renewals_.push_back(std::move(waiting));
    return;
  }
  if (IsRelease(waiting.call) && ++releases_ > kMaxReleases) {
    --releases_;
    return;
  }
  // A grant that comes late is of no use, a look is.
  if (std::holds_alternative<ClaimRow>(waiting.call.what)) {
    waiting_.push_front(std::move(waiting));
  } else {
    waiting_.push_back(std::move(waiting));
  }
}

void RowCalls::Start() {
  std::vector<Waiting> renewals = std::exchange(renewals_, {});
  for (size_t begin = 0; begin < renewals.size(); begin += store::kMaxRenewals) {
    const size_t end = std::min(begin + store::kMaxRenewals, renewals.size());
    const auto first = std::make_move_iterator(renewals.begin());
    std::vector<Waiting> batch(first + static_cast<ptrdiff_t>(begin),
                               first + static_cast<ptrdiff_t>(end));
    spawn_(Renew(std::move(batch), alive_));
  }
  // A coroutine begins within spawn_ or later: no more of them than there is to do.
  for (size_t wanted = waiting_.size(); wanted > 0 && working_ < kMaxAtOnce; --wanted) {
    ++working_;
    spawn_(Work(alive_));
  }
}

asio::awaitable<void> RowCalls::Work(Alive alive) {
  if (alive.expired()) co_return;
  while (!waiting_.empty()) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    if (IsRelease(next.call)) {
      --releases_;
      co_await Release(std::move(next), alive);
    } else if (std::holds_alternative<ClaimRow>(next.call.what)) {
      co_await Claim(std::move(next), alive);
    } else {
      co_await Find(std::move(next), alive);
    }
    if (alive.expired()) co_return;
  }
  --working_;
}

asio::awaitable<void> RowCalls::Find(Waiting waiting, Alive alive) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const QuestionPtr question = Ask(executor, {waiting});
  auto row = co_await rows_.Find(waiting.call.room);
  if (alive.expired() || !Answered(*question, waiting.since)) co_return;
  if (!row) co_return HandleFault(waiting);
  const PlacementSight sight = *row ? SightOf(**row) : PlacementSight();
  keeper_.HandleFound(net::MonotonicNow(), waiting.call.room, waiting.call.ticket, sight);
  on_answer_();
}

asio::awaitable<void> RowCalls::Claim(Waiting waiting, Alive alive) {
  auto& wanted = std::get<ClaimRow>(waiting.call.what);
  const PlacementSight seen = wanted.seen;
  store::PlacementStore::Claim claim{
      .room = waiting.call.room,
      .media_instance = wanted.media_instance,
      .region = wanted.region,
      .seen = {.epoch = wanted.seen.epoch, .renewals = wanted.seen.renewals},
      .id = static_cast<int64_t>(random_.U64() >> 1)};
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const QuestionPtr question = Ask(executor, {waiting});
  auto claimed = co_await rows_.Take(std::move(claim));
  if (alive.expired() || !Answered(*question, waiting.since)) co_return;
  if (!claimed) co_return HandleFault(waiting);
  ++(claimed->is_granted ? counters_.claims_granted : counters_.claims_refused);
  keeper_.HandleClaimed(net::MonotonicNow(), waiting.call.room, waiting.call.ticket,
                        claimed->is_granted ? ClaimAnswer::kGranted : ClaimAnswer::kRefused, seen,
                        SightOf(claimed->row));
  on_answer_();
}

// Where it fails, the row stands still until somebody waits it out.
asio::awaitable<void> RowCalls::Release(Waiting waiting, Alive alive) {
  store::PlacementStore::Lease lease{.room = waiting.call.room,
                                     .epoch = std::get<ReleaseRow>(waiting.call.what).epoch};
  const auto released = co_await rows_.Release(std::move(lease), net::UnixMicrosNow());
  if (alive.expired()) co_return;
  if (!released) ++counters_.faults;
}

asio::awaitable<void> RowCalls::Renew(std::vector<Waiting> renewals, Alive alive) {
  if (alive.expired()) co_return;
  std::vector<store::PlacementStore::Lease> leases;
  for (const Waiting& each : renewals) {
    leases.push_back({each.call.room, std::get<RenewRow>(each.call.what).epoch});
  }
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const QuestionPtr question = Ask(executor, renewals);
  auto renewed = co_await rows_.Renew(std::move(leases));
  if (alive.expired() || !Answered(*question, renewals.front().since)) co_return;
  for (size_t i = 0; i < renewals.size(); ++i) {
    const PlacementCall& call = renewals[i].call;
    if (!renewed || i >= renewed->size()) {
      keeper_.HandleStoreFault(net::MonotonicNow(), call.room, call.ticket);
      continue;
    }
    const bool is_renewed = (*renewed)[i] == store::PlacementStore::Renewal::kRenewed;
    keeper_.HandleRenewed(net::MonotonicNow(), call.room, call.ticket,
                          is_renewed ? RenewalAnswer::kRenewed : RenewalAnswer::kLost);
  }
  if (!renewed) ++counters_.faults;
  on_answer_();
}

void RowCalls::HandleFault(const Waiting& waiting) {
  ++counters_.faults;
  keeper_.HandleStoreFault(net::MonotonicNow(), waiting.call.room, waiting.call.ticket);
  on_answer_();
}

}  // namespace confab::signaling
