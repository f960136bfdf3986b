#include "services/media/worker_thread.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"

namespace confab::media {
namespace {

constexpr uint32_t kWakeToken = 0xffff'ffff;
constexpr int kMaxWaitMs = 1000;

SocketAddress WithPort(const SocketAddress& address, uint16_t port) {
  return *SocketAddress::Parse(address.IpToString(), port);
}

Result<std::vector<net::UdpSocket>> BindAll(const std::vector<SocketAddress>& addresses,
                                            uint16_t port) {
  std::vector<net::UdpSocket> sockets;
  for (const SocketAddress& address : addresses) {
    // Port 0: the first socket's choice goes for all.
    const uint16_t wanted = port == 0 && !sockets.empty() ? sockets.front().local().port() : port;
    auto socket = net::UdpSocket::Bind(WithPort(address, wanted));
    if (!socket) return std::unexpected(socket.error());
    sockets.push_back(std::move(*socket));
  }
  return sockets;
}

Result<std::vector<net::UdpSocket>> BindOnFreePort(const WorkerThreadOptions& options) {
  if (options.listen.empty()) {
    return Fail(ErrorCode::kInvalidConfiguration, "media has no address to listen on");
  }
  Result<std::vector<net::UdpSocket>> sockets;
  for (uint32_t i = 0; i <= options.port_attempts; ++i) {
    const uint32_t port = options.port == 0 ? 0 : options.port + i;
    if (port > 65'535) break;
    sockets = BindAll(options.listen, static_cast<uint16_t>(port));
    if (sockets) break;
  }
  return sockets;
}

std::vector<rtc::IceCandidate> CandidatesFor(const WorkerThreadOptions& options, uint16_t port) {
  std::vector<SocketAddress> addresses;
  for (const SocketAddress& address :
       options.announce.empty() ? options.listen : options.announce) {
    addresses.push_back(WithPort(address, port));
  }
  return rtc::HostCandidates(addresses, {});
}

}  // namespace

Result<std::unique_ptr<WorkerThread>> WorkerThread::Start(WorkerThreadOptions options,
                                                          const rtc::DtlsCertificate& certificate,
                                                          EventHandler on_events) {
  auto sockets = BindOnFreePort(options);
  if (!sockets) return std::unexpected(sockets.error());
  auto candidates = CandidatesFor(options, sockets->front().local().port());
  std::unique_ptr<WorkerThread> worker(new WorkerThread(std::move(*sockets), std::move(candidates),
                                                        certificate, std::move(on_events)));
  if (auto opened = worker->OpenPoll(); !opened) return std::unexpected(opened.error());
  worker->thread_ = std::thread([raw = worker.get()] { raw->Run(); });
  return worker;
}

WorkerThread::WorkerThread(std::vector<net::UdpSocket> sockets,
                           std::vector<rtc::IceCandidate> candidates,
                           const rtc::DtlsCertificate& certificate, EventHandler on_events)
    : sockets_(std::move(sockets)),
      candidates_(std::move(candidates)),
      worker_(engine_, certificate, random_,
              sfu::NodeClock(net::MonotonicNow(), net::UnixMicrosNow()), candidates_),
      on_events_(std::move(on_events)) {}

WorkerThread::~WorkerThread() {
  stopping_ = true;
  if (!thread_.joinable()) return;
  (void)Post([](sfu::Worker&, Timestamp) {});
  thread_.join();
  // Whoever waits for a command's answer gets it.
  RunCommands(net::MonotonicNow());
}

Result<void> WorkerThread::OpenPoll() {
  poll_ = net::FileDescriptor(epoll_create1(EPOLL_CLOEXEC));
  wake_ = net::FileDescriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  const auto add = [this](int fd, uint32_t token) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = token;
    return epoll_ctl(poll_.value(), EPOLL_CTL_ADD, fd, &event) == 0;
  };
  bool ok = poll_.value() >= 0 && wake_.value() >= 0 && add(wake_.value(), kWakeToken);
  for (uint32_t i = 0; ok && i < sockets_.size(); ++i) ok = add(sockets_[i].fd(), i);
  if (!ok) return Fail(ErrorCode::kInternal, "cannot set up polling of the media sockets");
  return {};
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
  std::array<epoll_event, 32> ready;
  while (!stopping_) {
    const int count = epoll_wait(poll_.value(), ready.data(), static_cast<int>(ready.size()),
                                 WaitMillis(net::MonotonicNow()));
    const Timestamp now = net::MonotonicNow();
    for (int i = 0; i < count; ++i) {
      const uint32_t token = ready[static_cast<size_t>(i)].data.u32;
      if (token == kWakeToken) {
        RunCommands(now);
      } else {
        Receive(token, now);
      }
    }
    worker_.HandleTimeouts(now);
    SendAll(now);
    if (auto events = worker_.TakeEvents(); !events.empty()) on_events_(std::move(events));
  }
}

int WorkerThread::WaitMillis(Timestamp now) const {
  const Timestamp next = worker_.NextTimeout();
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
}

void WorkerThread::Receive(uint32_t socket, Timestamp now) {
  for (int round = 0; round < kMaxReceiveRounds; ++round) {
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
    const size_t got =
        sockets_[socket].Receive(std::span(slots).first(room), now, net::UnixMicrosNow());
    size_t kept = 0;
    for (size_t i = 0; i < got; ++i) {
      if (slots[i].truncated) {
        worker_.CountDrop(rtc::DropReason::kTooLarge);
        continue;
      }
      rtc::Packet& packet = receive_packets_[i].writable();
      packet.size = static_cast<uint16_t>(slots[i].size);
      packet.received_at = slots[i].received_at;
      packet.path = {rtc::LocalSocket(socket), slots[i].from};
      std::swap(receive_packets_[kept++], receive_packets_[i]);
    }
    worker_.Receive(now, std::span(receive_packets_).first(kept));
    receive_packets_.erase(receive_packets_.begin(),
                           receive_packets_.begin() + static_cast<ptrdiff_t>(kept));
    if (got < room) return;
  }
}

// Too many packets are in use: what waits is read and thrown away, or poll would not rest.
void WorkerThread::DropWaiting(uint32_t socket, Timestamp now) {
  std::array<uint8_t, 1> nothing;
  std::array<net::UdpReceiveSlot, net::UdpSocket::kBatch> slots;
  for (net::UdpReceiveSlot& slot : slots) slot.buffer = nothing;
  const size_t got = sockets_[socket].Receive(slots, now, net::UnixMicrosNow());
  worker_.CountDrop(rtc::DropReason::kNoBuffer, got);
}

void WorkerThread::SendAll(Timestamp now) {
  SendDatagrams();
  while (const rtc::SealBatch* batch = worker_.NextBatch(now)) SendBatch(*batch);
  SendDatagrams();
}

void WorkerThread::SendDatagrams() {
  for (const rtc::OutgoingDatagram& datagram : worker_.datagrams()) {
    const net::UdpSendRun run{datagram.path.remote, datagram.bytes,
                              static_cast<uint16_t>(datagram.bytes.size())};
    (void)sockets_[datagram.path.local.value()].Send({&run, 1});
  }
  worker_.ClearDatagrams();
}

// Neighbours in the batch that go the same way and are of one size become one run; the last of a
// run may be shorter.
void WorkerThread::SendBatch(const rtc::SealBatch& batch) {
  const auto entries = batch.entries();
  const auto jobs = batch.jobs();
  uint32_t socket = entries.front().path.local.value();
  for (size_t i = 0; i < entries.size();) {
    const rtc::Path& path = entries[i].path;
    if (path.local.value() != socket) {
      FlushRuns(socket);
      socket = path.local.value();
    }
    const size_t segment = jobs[i].sealed_size;
    size_t bytes = segment;
    size_t end = i + 1;
    while (end < entries.size() && end - i < kMaxRunSegments && entries[end].path == path &&
           jobs[end].sealed_size <= segment) {
      bytes += jobs[end].sealed_size;
      if (jobs[end++].sealed_size < segment) break;
    }
    runs_.push_back(
        {path.remote, BytesView(jobs[i].out.data(), bytes), static_cast<uint16_t>(segment)});
    i = end;
  }
  FlushRuns(socket);
}

void WorkerThread::FlushRuns(uint32_t socket) {
  (void)sockets_[socket].Send(runs_);
  runs_.clear();
}

}  // namespace confab::media
