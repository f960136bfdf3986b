#include "services/media/worker_thread.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "net/clock.h"
#include "rtc/dtls/dtls_transport.h"

namespace confab::media {
namespace {

constexpr int kMaxWaitMs = 1000;

// The same addresses for UDP and, less preferred, for TCP.
std::vector<rtc::IceCandidate> CandidatesFor(std::span<const SocketAddress> listening,
                                             std::span<const SocketAddress> announce) {
  if (announce.empty()) return rtc::HostCandidates(listening, listening);
  std::vector<SocketAddress> addresses;
  for (const SocketAddress& address : announce) {
    addresses.push_back(WithPort(address, listening.front().port()));
  }
  return rtc::HostCandidates(addresses, addresses);
}

sfu::DtlsFactory DtlsWith(const rtc::DtlsCertificate& certificate,
                          std::vector<rtc::SrtpProfile> profiles) {
  rtc::DtlsOptions options;
  options.profiles = std::move(profiles);
  return [&certificate, options = std::move(options)] {
    return std::make_unique<rtc::DtlsTransport>(certificate, options);
  };
}

}  // namespace

Result<std::unique_ptr<WorkerThread>> WorkerThread::Start(WorkerThreadOptions options,
                                                          const rtc::DtlsCertificate& certificate,
                                                          EventHandler on_events) {
  auto sockets = BindMediaSockets(options.listen, options.port, options.port_attempts);
  if (!sockets) return std::unexpected(sockets.error());
  std::unique_ptr<WorkerThread> worker(
      new WorkerThread(std::move(*sockets), std::move(options), certificate, std::move(on_events)));
  if (auto opened = worker->OpenPoll(); !opened) return std::unexpected(opened.error());
  worker->thread_ = std::thread([raw = worker.get()] { raw->Run(); });
  return worker;
}

WorkerThread::WorkerThread(MediaSockets sockets, WorkerThreadOptions options,
                           const rtc::DtlsCertificate& certificate, EventHandler on_events)
    : sockets_(std::move(sockets.udp)),
      handshake_sockets_(std::move(sockets.handshakes)),
      candidates_(CandidatesFor(addresses(), options.announce)),
      worker_(engine_, certificate, random_,
              sfu::NodeClock(net::MonotonicNow(), net::UnixMicrosNow()), candidates_,
              DtlsWith(certificate, std::move(options.srtp_profiles))),
      tcp_(std::move(sockets.tcp), worker_, poller_),
      plain_(std::move(options.plain_rtp), poller_),
      local_ends_(AnnouncedFor(addresses(), options.announce), tcp_, plain_),
      on_events_(std::move(on_events)) {
  worker_.AllowPlain(plain_.options().networks);
}

WorkerThread::~WorkerThread() {
  stopping_ = true;
  if (!thread_.joinable()) return;
  (void)Post([](sfu::Worker&, Timestamp) {});
  thread_.join();
  // Whoever waits for a command's answer gets it.
  RunCommands(net::MonotonicNow());
}

Result<void> WorkerThread::OpenPoll() {
  wake_ = net::FileDescriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  bool ok = poller_.Open() && wake_.value() >= 0 &&
            poller_.Add(wake_.value(), Poller::Kind::kWake, 0) && tcp_.AddListenersToPoll();
  for (uint32_t i = 0; ok && i < sockets_.size(); ++i) {
    ok = poller_.Add(sockets_[i].fd(), Poller::Kind::kUdp, i);
  }
  for (uint32_t i = 0; ok && i < handshake_sockets_.size(); ++i) {
    ok = poller_.Add(handshake_sockets_[i].fd(), Poller::Kind::kHandshakes, i);
  }
  if (!ok) return Fail(ErrorCode::kInternal, "cannot set up polling of the media sockets");
  return {};
}

std::vector<SocketAddress> WorkerThread::addresses() const {
  std::vector<SocketAddress> all;
  for (const net::UdpSocket& socket : sockets_) all.push_back(socket.local());
  return all;
}

UdpOverflows WorkerThread::udp_overflows() const {
  UdpOverflows overflows;
  for (const net::UdpSocket& socket : sockets_) overflows.media += socket.overflows();
  for (const net::UdpSocket& socket : handshake_sockets_) {
    overflows.handshakes += socket.overflows();
  }
  return overflows;
}

bool WorkerThread::Post(Command command) {
  {
    const std::lock_guard lock(mutex_);
    if (commands_.size() >= kMaxCommands && !stopping_) return false;
    commands_.push_back(std::move(command));
  }
  const uint64_t one = 1;
  return write(wake_.value(), &one, sizeof(one)) == sizeof(one) || errno == EAGAIN;
}

void WorkerThread::Run() {
  Timestamp done = net::MonotonicNow();
  while (!stopping_) {
    const Timestamp due = std::max(NextTimeout(), done);
    const auto events = poller_.Wait(WaitMillis(due, done));
    const Timestamp now = net::MonotonicNow();
    if (due <= now) times_.lag.Observe(now - due);
    for (const Poller::Event& event : events) HandleEvent(event, now);
    worker_.HandleTimeouts(now);
    CloseUnneeded();
    tcp_.HandleTimeout(now);
    SendAll(now);
    done = EndTurn(now);
    if (auto told = worker_.TakeEvents(); !told.empty()) on_events_(local_ends_, std::move(told));
  }
}

void WorkerThread::HandleEvent(const Poller::Event& event, Timestamp now) {
  switch (event.kind) {
    case Poller::Kind::kWake: return RunCommands(now);
    case Poller::Kind::kUdp:
      return Receive(sockets_[event.number], event.number, kMaxReceiveRounds, now);
    case Poller::Kind::kHandshakes:
      return Receive(handshake_sockets_[event.number], event.number, kMaxHandshakeRounds, now);
    case Poller::Kind::kPlain: return ReceivePlain(event.number, now);
    case Poller::Kind::kListener:
    case Poller::Kind::kConnection: return tcp_.HandleEvent(event, now);
  }
}

Timestamp WorkerThread::EndTurn(Timestamp now) {
  const Timestamp done = net::MonotonicNow();
  times_.turns.Observe(done - now);
  for (const Timestamp came : batches_) times_.forwarding.Observe(done - came);
  batches_.clear();
  return done;
}

int WorkerThread::WaitMillis(Timestamp next, Timestamp now) {
  if (next <= now) return 0;
  // Rounded up: an early wake-up would find nothing to do.
  return next.is_never()
             ? kMaxWaitMs
             : static_cast<int>(std::min<int64_t>((next - now).us() / 1000 + 1, kMaxWaitMs));
}

void WorkerThread::RunCommands(Timestamp now) {
  uint64_t wakes = 0;
  (void)!read(wake_.value(), &wakes, sizeof(wakes));
  std::vector<Command> commands;
  {
    const std::lock_guard lock(mutex_);
    commands.swap(commands_);
  }
  for (Command& command : commands) command(worker_, now);
  // Before anything more is read from a socket whose transport a command has closed.
  CloseUnneeded();
}

void WorkerThread::ReceivePlain(uint32_t number, Timestamp now) {
  net::UdpSocket* socket = plain_.Find(rtc::LocalSocket(number));
  if (socket == nullptr) return;  // closed earlier in this turn
  Receive(*socket, number, kMaxReceiveRounds, now);
}

void WorkerThread::Receive(net::UdpSocket& socket, uint32_t number, int rounds, Timestamp now) {
  for (int round = 0; round < rounds; ++round) {
    while (receive_packets_.size() < net::UdpSocket::kBatch) {
      rtc::PacketRef packet = worker_.AcquirePacket();
      if (!packet) break;
      receive_packets_.push_back(std::move(packet));
    }
    std::array<net::UdpReceiveSlot, net::UdpSocket::kBatch> slots;
    const size_t room = receive_packets_.size();
    if (room == 0) return DropWaiting(socket, now);
    for (size_t i = 0; i < room; ++i) {
      slots[i].buffer = receive_packets_[i].writable().buffer();
    }
    const size_t got = socket.Receive(std::span(slots).first(room), now, net::UnixMicrosNow());
    size_t kept = 0;
    for (size_t i = 0; i < got; ++i) {
      if (slots[i].truncated) {
        worker_.CountDrop(rtc::DropReason::kTooLarge);
        continue;
      }
      rtc::Packet& packet = receive_packets_[i].writable();
      packet.size = static_cast<uint16_t>(slots[i].size);
      packet.received_at = slots[i].received_at;
      packet.path = {rtc::LocalSocket(number), slots[i].from};
      std::swap(receive_packets_[kept++], receive_packets_[i]);
    }
    if (kept > 0) batches_.push_back(receive_packets_.front()->received_at);
    worker_.Receive(now, std::span(receive_packets_).first(kept));
    receive_packets_.erase(receive_packets_.begin(),
                           receive_packets_.begin() + static_cast<ptrdiff_t>(kept));
    if (got < room) return;
  }
}

// Too many packets are in use: what waits is read and thrown away, or poll would not rest.
void WorkerThread::DropWaiting(net::UdpSocket& socket, Timestamp now) {
  std::array<uint8_t, 1> nothing;
  std::array<net::UdpReceiveSlot, net::UdpSocket::kBatch> slots;
  for (net::UdpReceiveSlot& slot : slots) slot.buffer = nothing;
  const size_t got = socket.Receive(slots, now, net::UnixMicrosNow());
  worker_.CountDrop(rtc::DropReason::kNoBuffer, got);
}

void WorkerThread::SendAll(Timestamp now) {
  SendDatagrams();
  while (const rtc::SealBatch* batch = worker_.NextBatch(now)) SendBatch(*batch);
  SendDatagrams();
  tcp_.Flush();
}

// Answers to a batch of strangers are a batch, too.
void WorkerThread::SendDatagrams() {
  std::optional<rtc::LocalSocket> socket;  // of the runs that wait
  for (const rtc::OutgoingDatagram& datagram : worker_.datagrams()) {
    const rtc::Path& path = datagram.path;
    if (TcpConnections::IsConnection(path.local)) {
      tcp_.Send(path.local, datagram.bytes, rtc::SendPriority::kControl);
      continue;
    }
    if (socket && *socket != path.local) FlushRuns(*socket);
    socket = path.local;
    runs_.push_back({path.remote, datagram.bytes, static_cast<uint16_t>(datagram.bytes.size())});
  }
  if (socket) FlushRuns(*socket);
  worker_.ClearDatagrams();
}

// Runs of neighbours that leave through one UDP socket go to the kernel together.
void WorkerThread::SendBatch(const rtc::SealBatch& batch) {
  const auto entries = batch.entries();
  std::optional<rtc::LocalSocket> socket;  // of the runs that wait
  for (size_t i = 0; i < entries.size();) {
    const rtc::LocalSocket local = entries[i].path.local;
    if (TcpConnections::IsConnection(local)) {
      const rtc::SealJob& job = batch.jobs()[i];
      tcp_.Send(local, job.out.first(job.sealed_size), entries[i++].priority);
      continue;
    }
    if (socket && *socket != local) FlushRuns(*socket);
    socket = local;
    i = AddRun(batch, i);
  }
  if (socket) FlushRuns(*socket);
}

// Neighbours in the batch that go the same way and are of one size become one run; the last of a
// run may be shorter. Returns where the next run begins.
size_t WorkerThread::AddRun(const rtc::SealBatch& batch, size_t begin) {
  const auto entries = batch.entries();
  const auto jobs = batch.jobs();
  const rtc::Path& path = entries[begin].path;
  const size_t segment = jobs[begin].sealed_size;
  size_t bytes = segment;
  size_t end = begin + 1;
  while (end < entries.size() && end - begin < kMaxRunSegments && entries[end].path == path &&
         jobs[end].sealed_size <= segment) {
    bytes += jobs[end].sealed_size;
    if (jobs[end++].sealed_size < segment) break;
  }
  runs_.push_back(
      {path.remote, BytesView(jobs[begin].out.data(), bytes), static_cast<uint16_t>(segment)});
  return end;
}

void WorkerThread::FlushRuns(rtc::LocalSocket local) {
  if (net::UdpSocket* socket = UdpSocketOf(local)) {
    worker_.CountDrop(rtc::DropReason::kSendRefused, socket->Send(runs_).dropped);
  } else {
    for (const net::UdpSendRun& run : runs_) {
      worker_.CountDrop(rtc::DropReason::kConnectionGone, run.datagrams());
    }
  }
  runs_.clear();
}

// Null for one that has been closed.
net::UdpSocket* WorkerThread::UdpSocketOf(rtc::LocalSocket local) {
  return PlainSockets::IsPlain(local) ? plain_.Find(local) : &sockets_[local.value()];
}

Result<sfu::Transport*> WorkerThread::CreatePlainTransport(Timestamp now, PlainRequest request) {
  if (auto allowed = worker_.CheckPlain(); !allowed) return std::unexpected(allowed.error());
  const auto opened = plain_.Open(request.ports, request.listen_ip);
  if (!opened) return std::unexpected(opened.error());
  auto transport = worker_.CreatePlainTransport(
      now, std::move(request.transport),
      {.rtp = opened->rtp, .rtcp = opened->rtcp, .remote = request.remote, .srtp = request.srtp});
  if (transport) return transport;
  plain_.Close(opened->rtp.number);
  if (opened->rtcp) plain_.Close(opened->rtcp->number);
  return transport;
}

void WorkerThread::CloseUnneeded() {
  for (const rtc::LocalSocket socket : worker_.TakeClosedSockets()) plain_.Close(socket);
}

}  // namespace confab::media
