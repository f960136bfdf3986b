#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/bucket_counts.h"
#include "base/error.h"
#include "base/random.h"
#include "base/socket_address.h"
#include "net/udp_socket.h"
#include "rtc/dtls/dtls_certificate.h"
#include "rtc/dtls/dtls_types.h"
#include "rtc/srtp/evp_srtp_engine.h"
#include "services/media/local_ends.h"
#include "services/media/media_sockets.h"
#include "services/media/plain_sockets.h"
#include "services/media/poller.h"
#include "services/media/tcp_connections.h"
#include "sfu/worker.h"

namespace confab::media {

struct WorkerThreadOptions {
  // One socket each for UDP and for TCP, all on `port`: see BindMediaSockets.
  std::vector<SocketAddress> listen;
  uint16_t port = 40'000;
  // A port of which either is taken is passed over for the next, so many times.
  uint16_t port_attempts = 100;
  // IP addresses that clients are told instead of the listening ones: behind NAT.
  std::vector<SocketAddress> announce;
  // See rtc::DtlsOptions.
  std::vector<rtc::SrtpProfile> srtp_profiles = rtc::DtlsOptions{}.profiles;
  // This worker's own part of the ports.
  PlainRtpOptions plain_rtp;
};

// A plain transport, before it has sockets.
struct PlainRequest {
  sfu::TransportOptions transport;
  PlainSockets::Ports ports = PlainSockets::Ports::kShared;
  std::string listen_ip;  // "": see PlainSockets::Open
  rtc::RemoteAddress remote = rtc::RemoteAddress::kGiven;
  rtc::SrtpProfile srtp = rtc::SrtpProfile::kClear;
};

// Datagrams that the kernel dropped because a socket's buffer was full.
struct UdpOverflows {
  uint64_t media = 0;
  uint64_t handshakes = 0;
};

// How long things wait within a worker, measured by the clock readings that each turn makes anyway.
struct TurnTimes {
  // From the arrival in the kernel of the first packet of a batch to the end of the turn that sent
  // what came of it: no packet of the batch waited longer.
  BucketCounts forwarding{kShortTimes};
  BucketCounts turns{kShortTimes};
  // How much later than wanted the loop woke up for a timer.
  BucketCounts lag{kShortTimes};

  TurnTimes& operator+=(const TurnTimes& other) {
    forwarding += other.forwarding;
    turns += other.turns;
    lag += other.lag;
    return *this;
  }
};

// One core's share of the media: a thread that moves packets between the sockets and a pure
// sfu::Worker, turn by turn:
//
//   epoll → commands → recvmmsg, or recv and frames → Worker::Receive → Worker::HandleTimeouts
//         → Worker::NextBatch → sendmmsg (with segmentation runs), or one send a connection
//         → events
//
// Created and destroyed by the media service; everything but Post runs on the thread itself.
class WorkerThread {
 public:
  // Runs on the worker's thread between two turns; `now` is the turn's time.
  using Command = std::move_only_function<void(sfu::Worker&, Timestamp now)>;
  using EventHandler = std::function<void(const LocalEnds&, std::vector<sfu::WorkerEvent>)>;

  // Commands that wait; beyond, Post refuses: the caller answers "rate_limited".
  static constexpr size_t kMaxCommands = 10'000;
  // A frame's worth of packets in one run.
  static constexpr size_t kMaxRunSegments = 16;
  // Receive batches per turn and socket, so that one busy socket does not starve sending.
  static constexpr int kMaxReceiveRounds = 4;
  // The same for what strangers may send.
  static constexpr int kMaxHandshakeRounds = 1;

  // Binds all sockets, or tells which address failed. `on_events` is called on the worker's thread.
  static Result<std::unique_ptr<WorkerThread>> Start(WorkerThreadOptions options,
                                                     const rtc::DtlsCertificate& certificate,
                                                     EventHandler on_events);
  ~WorkerThread();
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  // From any thread. False: too many commands wait.
  [[nodiscard]] bool Post(Command command);
  uint16_t port() const { return sockets_.front().local().port(); }
  // What it listens on: all that options.listen named and this machine has.
  std::vector<SocketAddress> addresses() const;
  const std::vector<rtc::IceCandidate>& candidates() const { return candidates_; }
  // From a command only.
  const TcpStatus& tcp_status() const { return tcp_.status(); }
  // The same; what came faster than the worker read it.
  UdpOverflows udp_overflows() const;
  // From a command only: opens sockets and makes the transport on them; they are closed when it
  // ends. Errors: those of sfu::Worker::CreatePlainTransport and PlainSockets::Open.
  Result<sfu::Transport*> CreatePlainTransport(Timestamp now, PlainRequest request);
  size_t plain_sockets() const { return plain_.open(); }
  // To be used from a command or the handler of events only.
  const LocalEnds& local_ends() const { return local_ends_; }
  // From a command only.
  const TurnTimes& turn_times() const { return times_; }

 private:
  WorkerThread(MediaSockets sockets, WorkerThreadOptions options,
               const rtc::DtlsCertificate& certificate, EventHandler on_events);
  Result<void> OpenPoll();
  void Run();
  void HandleEvent(const Poller::Event& event, Timestamp now);
  Timestamp NextTimeout() const { return std::min(worker_.NextTimeout(), tcp_.NextTimeout()); }
  static int WaitMillis(Timestamp next, Timestamp now);
  // The turn that began at `now` is over.
  Timestamp EndTurn(Timestamp now);
  void RunCommands(Timestamp now);
  void Receive(net::UdpSocket& socket, uint32_t number, int rounds, Timestamp now);
  void ReceivePlain(uint32_t number, Timestamp now);
  void DropWaiting(net::UdpSocket& socket, Timestamp now);
  void CloseUnneeded();
  net::UdpSocket* UdpSocketOf(rtc::LocalSocket local);
  void SendAll(Timestamp now);
  void SendBatch(const rtc::SealBatch& batch);
  size_t AddRun(const rtc::SealBatch& batch, size_t begin);
  void SendDatagrams();
  void FlushRuns(rtc::LocalSocket local);

  // UDP; the index is the local socket's number. TCP connections and the sockets of plain
  // transports have numbers beyond.
  std::vector<net::UdpSocket> sockets_;
  std::vector<net::UdpSocket> handshake_sockets_;  // of the same numbers, or none
  std::vector<rtc::IceCandidate> candidates_;
  Poller poller_;
  net::FileDescriptor wake_;
  SecureRandom random_;
  rtc::EvpSrtpEngine engine_;
  sfu::Worker worker_;
  TcpConnections tcp_;
  PlainSockets plain_;
  LocalEnds local_ends_;
  EventHandler on_events_;
  std::vector<rtc::PacketRef> receive_packets_;  // acquired and empty, reused
  std::vector<net::UdpSendRun> runs_;
  std::vector<Timestamp> batches_;  // of this turn: when the first packet of each came
  TurnTimes times_;

  std::mutex mutex_;
  std::vector<Command> commands_;  // guarded by mutex_
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // last: starts when all else is there
};

}  // namespace confab::media
