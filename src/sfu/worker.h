#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "rtc/packet_pool.h"
#include "rtc/session/batches.h"
#include "rtc/session/drop_reason.h"
#include "sfu/path_table.h"
#include "sfu/router.h"
#include "sfu/worker_context.h"
#include "sfu/worker_event.h"

namespace confab::sfu {

struct WorkerCounters {
  uint64_t datagrams_received = 0;
  uint64_t datagrams_sent = 0;
  uint64_t turns = 0;
  uint64_t path_moves = 0;  // by media, see Worker::OpenElsewhere
  rtc::DropCounters drops;  // before a session was found; sessions count their own
  rtc::SessionCounters closed_sessions;
};

// The whole media core of one thread, without the thread: routers, their transports, and one turn
// of receive → classify → open → route → release → seal. Pure: the I/O (services/media) or the
// simulator brings datagrams and time and takes away batches, events and the next deadline.
//
//   Receive(packets) or HandleTimeouts() or control calls
//   while (batch = NextBatch()) send it            (at most SealBatch::kMaxPackets each)
//   send datagrams(), then ClearDatagrams()
//   TakeEvents()
class Worker {
 public:
  // Timers are looked at no more often than this: a scan over all transports serves many at once.
  static constexpr TimeDelta kTimerGranularity = TimeDelta::Millis(5);
  // Reports that are due are made so many in a scan: a room that came all at once is not told of in
  // one turn.
  static constexpr size_t kMaxReportsPerScan = 4;
  static constexpr size_t kMaxRouters = 10'000;
  // Each has one or two sockets of its own.
  static constexpr size_t kMaxPlainTransports = 256;
  // Paths remembered for one transport; beyond, only those that ICE still holds are kept.
  static constexpr size_t kMaxPathsPerTransport = 64;

  // Packets from a path that no session has validated may be a peer's whose address has changed:
  // see OpenElsewhere. Looking for its session costs a scan, so strangers get few of them: per
  // Receive and per second, and for each that many attempts at opening.
  static constexpr size_t kMaxSearchesPerTurn = 4;
  static constexpr size_t kMaxSearchesPerSecond = 256;
  static constexpr size_t kMaxAttemptsPerSearch = 4;

  // The engine, certificate and random source outlive the worker. Without a factory transports get
  // rtc::DtlsTransport; only the simulator has another.
  Worker(rtc::SrtpEngine& engine, const rtc::DtlsCertificate& certificate, RandomSource& random,
         NodeClock clock, std::vector<rtc::IceCandidate> candidates, DtlsFactory make_dtls = {});
  ~Worker();

  // --- The turn.
  // A packet for the I/O to receive into; null when too many are in use.
  rtc::PacketRef AcquirePacket() { return pool_.Acquire(); }
  // Packets whose size, path and received_at are set.
  void Receive(Timestamp now, std::span<rtc::PacketRef> packets);
  void HandleTimeouts(Timestamp now);
  Timestamp NextTimeout() const;
  // The next sealed packets to send, null when there are none. Valid until the next call.
  const rtc::SealBatch* NextBatch(Timestamp now);
  std::span<const rtc::OutgoingDatagram> datagrams() const { return context_.sink.datagrams(); }
  void ClearDatagrams() { context_.sink.Clear(); }
  std::vector<WorkerEvent> TakeEvents() { return std::exchange(events_, {}); }
  void CountDrop(rtc::DropReason reason, uint64_t packets = 1) {
    counters_.drops.Count(reason, packets);
  }

  // --- Control. All calls of one turn come before or after the packet path, never within.
  // The router of that id, made where new. Errors: kLimitExceeded.
  Result<Router*> FindOrAddRouter(std::string_view id);
  Result<Router*> FindRouter(std::string_view id) const;
  Result<Transport*> CreateTransport(Timestamp now, TransportOptions options, RemoteDtls remote);
  Result<void> ConnectTransport(Timestamp now, Transport& transport, RemoteDtls remote);
  // Before the first of them: where their peers may be. Empty, as at first: nowhere.
  void AllowPlain(std::vector<IpNetwork> networks) {
    context_.plain_networks = std::move(networks);
  }
  // Whether one more may be made. Errors: kForbidden, kLimitExceeded.
  Result<void> CheckPlain() const;
  // On sockets that carry nobody else's packets. They are the transport's until TakeClosedSockets
  // names them; where this fails they stay the caller's.
  Result<Transport*> CreatePlainTransport(Timestamp now, TransportOptions options,
                                          PlainTransportOptions plain);
  Result<void> ConnectPlainTransport(Timestamp now, Transport& transport,
                                     const PlainRemote& remote);
  // Sockets of plain transports that have ended since the last call: to be closed.
  std::vector<rtc::LocalSocket> TakeClosedSockets() { return std::exchange(closed_sockets_, {}); }
  // Not of a plain transport.
  const rtc::IceCredentials& RestartIce(Transport& transport);
  // Says goodbye to the peer; everything on it goes.
  ClosedEntities CloseTransport(Transport& transport);
  void CloseRouter(Router& router);
  // A connection (TCP) has ended: what was validated over it is forgotten.
  void PathClosed(const rtc::Path& path);
  // A session has a validated path there: the peer has authenticated, and not gone since.
  bool IsValidated(const rtc::Path& path) const;
  // After a control call on this transport: its deadlines may have moved.
  void Touch(const Transport& transport);

  const std::vector<rtc::IceCandidate>& candidates() const { return context_.candidates; }
  const rtc::DtlsCertificate& certificate() const { return context_.certificate; }
  const std::unordered_map<std::string, std::unique_ptr<Router>>& routers() const {
    return routers_;
  }
  const WorkerCounters& counters() const { return counters_; }
  const MediaCounters& media_counters() const { return context_.counters; }
  size_t packets_in_use() const { return pool_.in_use(); }
  size_t paths_in_use() const { return paths_.size(); }
  size_t transports() const { return transports_; }
  size_t ufrags_in_use() const { return ufrags_.size(); }
  NtpTime NtpAt(Timestamp now) const { return context_.clock.At(now); }

 private:
  struct Failed {
    Transport* transport;
    std::string_view reason;
  };

  Transport* FindTransport(Timestamp now, const rtc::Packet& packet);
  bool OpenElsewhere(Timestamp now, const rtc::Packet& packet);
  bool OpenAs(Timestamp now, Transport& transport, const rtc::Packet& packet);
  bool MaySearch(Timestamp now);
  void HandleMedia(Timestamp now, Transport& transport, const rtc::PacketRef& packet,
                   rtc::OpenedAs opened);
  void HandleOpened(Timestamp now, size_t index);
  void HandleTimeout(Timestamp now, Transport& transport, size_t& reports_left);
  void NoteConnected(Timestamp now, Transport& transport);
  void NotePathChanged(Transport& transport);
  void HandleSessionEvents(Timestamp now, Transport& transport, const rtc::SessionOutput& output);
  // The first reason counts: ICE and DTLS may give up in the same turn.
  void NoteFailed(Transport& transport, std::string_view reason);
  bool IsFailed(const Transport& transport) const;
  ClosedEntities End(Transport& transport);
  static TransportEnd EndOf(const Failed& failed);
  void CloseFailed();
  void EvaluateSpeakers(Timestamp now, Router& router);
  void RegisterUfrags(Transport& transport);
  void RegisterPath(Transport& transport, const rtc::Path& path);
  void ForgetTrial(const Transport& transport, const rtc::Path& path);
  void Forget(Transport& transport);

  rtc::PacketPool pool_;  // first: outlives every ref
  WorkerContext context_;
  std::unordered_map<std::string, std::unique_ptr<Router>> routers_;
  size_t transports_ = 0;  // of all routers
  std::unordered_map<std::string, Transport*> ufrags_;
  PathTable paths_;
  std::unordered_map<rtc::LocalSocket, Transport*> plain_sockets_;  // empty where there are none
  std::vector<rtc::LocalSocket> closed_sockets_;
  rtc::OpenBatch open_batch_;
  std::vector<Transport*> open_owners_;  // of the jobs in open_batch_
  rtc::OpenBatch attempt_;               // of OpenElsewhere
  size_t searches_this_turn_ = 0;
  size_t searches_this_second_ = 0;
  Timestamp search_second_ = Timestamp::Past();  // when the second began
  rtc::SealBatch seal_batch_;
  std::vector<Failed> failed_;  // each transport once; closed at the end of the turn
  std::vector<WorkerEvent> events_;
  WorkerCounters counters_;
  Timestamp next_timeout_ = Timestamp::Never();
  Timestamp last_scan_ = Timestamp::Past();
};

}  // namespace confab::sfu
