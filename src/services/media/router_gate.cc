#include "services/media/router_gate.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace confab::media {

Result<void> RouterGate::AdmitTransport(const sfu::Worker& worker,
                                        const std::string& router_id) const {
  if (worker.transports() >= options_.max_transports) {
    return Fail(ErrorCode::kMediaFull,
                fmt::format("this media worker takes {} transports at most: place the room "
                            "on another instance",
                            options_.max_transports));
  }
  if (drain_.is_on() && !worker.FindRouter(router_id)) {
    return Fail(ErrorCode::kDraining,
                "this media instance takes no new rooms: place the room on another instance");
  }
  return {};
}

// Swept first of all: whoever comes anew must not find what an ended lease has left.
Result<void> RouterGate::TakeLease(Timestamp now, sfu::Worker& worker, const std::string& router_id,
                                   int64_t epoch) {
  Sweep(now, worker);
  // A stale epoch is told as that, though there is no place either.
  if (leases_.KnownEpoch(router_id) < epoch && leases_.HeldEpoch(now, router_id) == 0 &&
      !worker.FindRouter(router_id)) {
    if (auto admitted = AdmitTransport(worker, router_id); !admitted) {
      leases_.Refuse(now, router_id, epoch);
      return admitted;
    }
  }
  auto taken = leases_.Take(now, router_id, epoch);
  if (!taken && taken.error().code == ErrorCode::kLimitExceeded) {
    leases_.Refuse(now, router_id, epoch);
  }
  return taken;
}

Result<void> RouterGate::RenewLease(Timestamp now, sfu::Worker& worker,
                                    const std::string& router_id, int64_t epoch) {
  Sweep(now, worker);
  return leases_.Renew(now, router_id, epoch);
}

void RouterGate::Sweep(Timestamp now, sfu::Worker& worker) {
  for (const LeaseTable::Ended& ended : leases_.Expire(now)) {
    CloseRouter(worker, ended.router_id, ended.epoch, "lease-ended");
  }
  transports_ = worker.transports();
  if (!drain_.IsOver(now)) return;
  std::vector<std::string> left;
  for (const auto& [router_id, router] : worker.routers()) left.push_back(router_id);
  for (const std::string& router_id : left) {
    CloseRouter(worker, router_id, leases_.End(router_id), "drained");
  }
}

void RouterGate::CloseRouter(sfu::Worker& worker, const std::string& router_id, int64_t epoch,
                             std::string_view reason) {
  if (const auto router = worker.FindRouter(router_id)) {
    completions_.Post([this, closings = ClosingTransport::AllOf(**router, reason, ends_)] {
      options_.log.TransportsClosed(closings);
    });
    worker.CloseRouter(**router);
  }
  // Told even where no router was made: its home is gone all the same.
  pb::Event event;
  pb::RouterClosed& closed = *event.mutable_router_closed();
  closed.set_router_id(router_id);
  closed.set_reason(std::string(reason));
  closed.set_epoch(epoch);
  events_.Publish(event);
}

}  // namespace confab::media
