#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/units.h"
#include "rtc/session/session.h"
#include "services/media/tcp_connections.h"
#include "services/media/worker_thread.h"
#include "sfu/worker.h"

namespace confab::media {

// What /readyz, /metrics and the state say of a worker, or of all of them together.
struct MediaStatus {
  size_t routers = 0;
  size_t transports = 0;
  size_t producers = 0;
  size_t consumers = 0;
  size_t packets_in_use = 0;
  // Since the start: closed sessions, and packets that found no session, included.
  rtc::SessionCounters traffic;
  TcpStatus tcp;
  uint64_t path_moves = 0;  // by media from a new address
  size_t plain_sockets = 0;
  UdpOverflows udp_overflows;
  sfu::MediaCounters media;
  TurnTimes times;
  std::vector<TimeDelta> worker_cpu;  // of each worker, in their order

  MediaStatus& operator+=(const MediaStatus& other);
};

// From a command of that thread only.
MediaStatus StatusOf(const WorkerThread& thread, const sfu::Worker& worker);

}  // namespace confab::media
