#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/units.h"
#include "services/media/completion_thread.h"
#include "services/media/drain.h"
#include "services/media/event_hub.h"
#include "services/media/lease_table.h"
#include "services/media/local_ends.h"
#include "services/media/media_log.h"
#include "sfu/worker.h"

namespace confab::media {

// What stands between commands and one worker: the leases of its routers, its limit, and the
// instance's drain. Lives on the worker's thread, and costs its packets nothing: time is looked at
// when a command comes and when somebody sends a Sweep.
class RouterGate {
 public:
  struct Options {
    TimeDelta lease = LeaseTable::kLease;
    // Of this worker; beyond, no transport and no lease is taken.
    size_t max_transports = 0;
    MediaLog log = {};
  };

  // The first two outlive the gate; the others are there while the worker runs, and so is whoever
  // calls. What is logged of routers that are closed is written by the completion thread.
  RouterGate(const Drain& drain, EventHub& events, CompletionThread& completions,
             const LocalEnds& ends, Options options)
      : drain_(drain),
        events_(events),
        completions_(completions),
        ends_(ends),
        options_(std::move(options)),
        leases_(options_.lease) {}

  // Whether a command for this router may be carried out. Errors: those of LeaseTable::Admit.
  Result<void> Admit(Timestamp now, const std::string& router_id, int64_t epoch) const {
    return leases_.Admit(now, router_id, epoch);
  }
  // Whether the router may get a transport more, made where it is new. Errors: kMediaFull,
  // kDraining.
  Result<void> AdmitTransport(const sfu::Worker& worker, const std::string& router_id) const;
  // Errors: those of LeaseTable::Take; kMediaFull and kDraining for a router that is new, which are
  // final for this epoch.
  Result<void> TakeLease(Timestamp now, sfu::Worker& worker, const std::string& router_id,
                         int64_t epoch);
  // Errors: those of LeaseTable::Renew.
  Result<void> RenewLease(Timestamp now, sfu::Worker& worker, const std::string& router_id,
                          int64_t epoch);
  // Closes, and tells, the routers whose lease has run out; at the end of a drain all that are
  // left.
  void Sweep(Timestamp now, sfu::Worker& worker);
  // The router was closed by a command.
  void HandleClosed(const std::string& router_id) { leases_.End(router_id); }

  const LeaseTable& leases() const { return leases_; }
  // As the last Sweep found them. Any thread.
  size_t transports() const { return transports_; }
  bool is_full() const { return transports() >= options_.max_transports; }

 private:
  void CloseRouter(sfu::Worker& worker, const std::string& router_id, int64_t epoch,
                   std::string_view reason);

  const Drain& drain_;
  EventHub& events_;
  CompletionThread& completions_;
  const LocalEnds& ends_;
  const Options options_;
  LeaseTable leases_;
  std::atomic<size_t> transports_ = 0;
};

}  // namespace confab::media
