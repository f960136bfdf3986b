#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "forward/peer.h"

namespace confab::bench {

// The peers of one scene: one that sends and many that receive, all on the calling thread.
class Crowd {
 public:
  static Result<std::unique_ptr<Crowd>> Open(size_t receivers, rtc::SrtpProfile profile);
  Crowd(net::FileDescriptor poll, rtc::DtlsCertificate certificate);

  PeerContext& context() { return context_; }
  Peer& sender() { return *peers_.front(); }
  std::span<const std::unique_ptr<Peer>> receivers() const { return std::span(peers_).subspan(1); }
  std::span<const std::unique_ptr<Peer>> peers() const { return peers_; }

  // Serves all sockets until `deadline`, or until `done` says so.
  void RunUntil(Timestamp deadline, const std::function<bool()>& done = nullptr);

 private:
  net::FileDescriptor poll_;
  PeerContext context_;
  std::vector<std::unique_ptr<Peer>> peers_;
  Timestamp next_timers_ = Timestamp::Past();
};

}  // namespace confab::bench
