#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "base/ip_network.h"
#include "base/random.h"
#include "rtc/datagram_sink.h"
#include "rtc/dtls/dtls_agent.h"
#include "rtc/dtls/dtls_certificate.h"
#include "rtc/ice/ice_candidate.h"
#include "rtc/packet_pool.h"
#include "rtc/srtp/srtp_engine.h"
#include "sfu/media_clock.h"
#include "sfu/media_counters.h"

namespace confab::sfu {

class Transport;

// Transports whose sessions have something to release this turn, each once. One per worker.
class WorkList {
 public:
  void Add(Transport& transport) { transports_.push_back(&transport); }
  void Remove(Transport& transport) { std::erase(transports_, &transport); }
  bool empty() const { return transports_.empty(); }
  Transport& back() const { return *transports_.back(); }
  void PopBack() { transports_.pop_back(); }

 private:
  std::vector<Transport*> transports_;
};

// Makes the DTLS of a new transport, in the server's role.
using DtlsFactory = std::function<std::unique_ptr<rtc::DtlsAgent>()>;

// What all transports of a worker share. Owned by the worker, outlives them; one thread.
struct WorkerContext {
  const rtc::PacketPool& pool;
  rtc::SrtpEngine& engine;
  const rtc::DtlsCertificate& certificate;
  DtlsFactory make_dtls;
  RandomSource& random;
  NodeClock clock;
  std::vector<rtc::IceCandidate> candidates;  // where this worker can be reached
  // Where peers of plain transports may be. Empty: there are no plain transports.
  std::vector<IpNetwork> plain_networks;
  rtc::DatagramSink sink;
  WorkList work;
  MediaCounters counters;
};

}  // namespace confab::sfu
