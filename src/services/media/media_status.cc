#include "services/media/media_status.h"

#include <time.h>

namespace confab::media {
namespace {

// What the calling thread has used.
TimeDelta ThreadCpu() {
  timespec used{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) != 0) return {};
  return TimeDelta::Seconds(used.tv_sec) + TimeDelta::Micros(used.tv_nsec / 1000);
}

}  // namespace

MediaStatus& MediaStatus::operator+=(const MediaStatus& other) {
  routers += other.routers;
  transports += other.transports;
  producers += other.producers;
  consumers += other.consumers;
  packets_in_use += other.packets_in_use;
  traffic += other.traffic;
  tcp += other.tcp;
  path_moves += other.path_moves;
  plain_sockets += other.plain_sockets;
  udp_overflows.media += other.udp_overflows.media;
  udp_overflows.handshakes += other.udp_overflows.handshakes;
  media += other.media;
  times += other.times;
  worker_cpu.insert(worker_cpu.end(), other.worker_cpu.begin(), other.worker_cpu.end());
  return *this;
}

MediaStatus StatusOf(const WorkerThread& thread, const sfu::Worker& worker) {
  MediaStatus status;
  status.routers = worker.routers().size();
  status.traffic = worker.counters().closed_sessions;
  status.traffic.drops += worker.counters().drops;
  status.path_moves = worker.counters().path_moves;
  status.packets_in_use = worker.packets_in_use();
  for (const auto& [router_id, router] : worker.routers()) {
    status.transports += router->transports().size();
    for (const auto& [id, transport] : router->transports()) {
      status.producers += transport->producers().size();
      status.consumers += transport->consumers().size();
      status.traffic += transport->session().counters();
    }
  }
  status.tcp = thread.tcp_status();
  status.plain_sockets = thread.plain_sockets();
  status.udp_overflows = thread.udp_overflows();
  status.media = worker.media_counters();
  status.times = thread.turn_times();
  status.worker_cpu = {ThreadCpu()};
  return status;
}

}  // namespace confab::media
