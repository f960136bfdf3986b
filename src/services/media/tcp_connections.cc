#include "services/media/tcp_connections.h"

#include <algorithm>
#include <utility>

#include "net/udp_socket.h"

namespace confab::media {
namespace {

using ReadResult = net::FramedConnection::ReadResult;

size_t QueueLimit(rtc::SendPriority priority) {
  switch (priority) {
    case rtc::SendPriority::kControl: return TcpConnections::kMaxQueueBytes;
    case rtc::SendPriority::kAudio: return TcpConnections::kAudioQueueBytes;
    case rtc::SendPriority::kVideo: return TcpConnections::kVideoQueueBytes;
  }
  return 0;
}

}  // namespace

std::string_view ToString(TcpEnd end) {
  switch (end) {
    case TcpEnd::kPeer: return "peer";
    case TcpEnd::kNotStun: return "not_stun";
    case TcpEnd::kUnused: return "unused";
    case TcpEnd::kReplaced: return "replaced";
    case TcpEnd::kRefused: return "refused";
    case TcpEnd::kCount: break;
  }
  return "unknown";
}

TcpStatus& TcpStatus::operator+=(const TcpStatus& other) {
  connections += other.connections;
  accepted += other.accepted;
  for (size_t i = 0; i < kTcpEnds; ++i) ended[i] += other.ended[i];
  return *this;
}

TcpConnections::Connection::Connection(net::FileDescriptor fd, rtc::Path its_path,
                                       size_t its_listener, Timestamp now)
    : stream(std::move(fd), rtc::kMaxPacketSize),
      path(its_path),
      listener(its_listener),
      last_proven_at(now) {}

TcpConnections::TcpConnections(std::vector<net::TcpListener> listeners, sfu::Worker& worker,
                               Poller& poller)
    : listeners_(std::move(listeners)),
      worker_(worker),
      poller_(poller),
      slots_(kMaxConnections),
      read_buffer_(kReadBytes) {
  for (uint32_t i = 0; i < kMaxConnections; ++i) free_slots_.push_back(i);
}

bool TcpConnections::AddListenersToPoll() {
  for (uint32_t i = 0; i < listeners_.size(); ++i) {
    if (!poller_.Add(listeners_[i].fd(), Poller::Kind::kListener, i)) return false;
  }
  return true;
}

std::optional<size_t> TcpConnections::ListenerOf(rtc::LocalSocket local) const {
  const Connection* connection = Find(local);
  return connection == nullptr ? std::nullopt : std::optional(connection->listener);
}

TcpConnections::Connection* TcpConnections::Find(rtc::LocalSocket local) const {
  Connection* found = slots_[local.value() & kSlotMask].connection.get();
  return found != nullptr && found->path.local == local ? found : nullptr;
}

void TcpConnections::HandleEvent(const Poller::Event& event, Timestamp now) {
  if (event.kind == Poller::Kind::kListener) return Accept(event.number, now);
  Connection* connection = Find(rtc::LocalSocket(event.number));
  if (connection == nullptr) return;  // ended earlier in this turn
  if (event.writable) MarkSentTo(*connection);
  if (event.readable) Read(*connection, now);
}

void TcpConnections::Accept(size_t number, Timestamp now) {
  net::TcpListener& listener = listeners_[number];
  for (int i = 0; i < kMaxAcceptsPerTurn; ++i) {
    const uint64_t refused_before = listener.without_descriptor();
    auto accepted = listener.Accept();
    status_.ended[static_cast<size_t>(TcpEnd::kRefused)] +=
        listener.without_descriptor() - refused_before;
    if (!accepted) return;
    if (!MakeRoom()) {
      ++status_.ended[static_cast<size_t>(TcpEnd::kRefused)];
      continue;
    }
    Add(std::move(*accepted), number, now);
  }
}

// A flood of connections replaces itself: it cannot keep out a peer who checks at once, nor end a
// connection that is in use.
bool TcpConnections::MakeRoom() {
  if (open_ < kMaxConnections && unproven_ < kMaxUnproven) return true;
  if (Connection* oldest = OldestUnproven()) End(*oldest, TcpEnd::kReplaced);
  return open_ < kMaxConnections && unproven_ < kMaxUnproven;
}

TcpConnections::Connection* TcpConnections::OldestUnproven() {
  Connection* oldest = nullptr;
  for (const Slot& slot : slots_) {
    Connection* each = slot.connection.get();
    if (each == nullptr || each->proven) continue;
    if (worker_.IsValidated(each->path)) {
      SetProven(*each, true);
    } else if (oldest == nullptr || each->last_proven_at < oldest->last_proven_at) {
      oldest = each;
    }
  }
  return oldest;
}

void TcpConnections::Add(net::TcpListener::Accepted accepted, size_t listener, Timestamp now) {
  const uint32_t index = free_slots_.front();
  Slot& slot = slots_[index];
  const rtc::LocalSocket local(kConnectionBit | (slot.uses << kSlotBits & ~kConnectionBit) | index);
  const int fd = accepted.fd.value();
  if (!poller_.Add(fd, Poller::Kind::kConnection, local.value())) {
    ++status_.ended[static_cast<size_t>(TcpEnd::kRefused)];
    return;
  }
  free_slots_.pop_front();
  ++slot.uses;
  slot.connection = std::make_unique<Connection>(std::move(accepted.fd),
                                                 rtc::Path{local, accepted.remote}, listener, now);
  if (open_++ == 0) next_sweep_ = now + kSweepInterval;
  ++unproven_;
  ++status_.accepted;
  status_.connections = open_;
}

void TcpConnections::SetProven(Connection& connection, bool proven) {
  if (connection.proven == proven) return;
  connection.proven = proven;
  if (proven) --unproven_;
  if (!proven) ++unproven_;
}

void TcpConnections::End(Connection& connection, TcpEnd reason) {
  const uint32_t index = connection.path.local.value() & kSlotMask;
  worker_.PathClosed(connection.path);
  if (!connection.proven) --unproven_;
  slots_[index].connection.reset();
  free_slots_.push_back(index);
  --open_;
  ++status_.ended[static_cast<size_t>(reason)];
  status_.connections = open_;
}

void TcpConnections::Read(Connection& connection, Timestamp now) {
  switch (connection.stream.Read(read_buffer_)) {
    case ReadResult::kOpen: return Deliver(connection, now);
    case ReadResult::kEnded: return End(connection, TcpEnd::kPeer);
    case ReadResult::kNotStun: return End(connection, TcpEnd::kNotStun);
  }
}

void TcpConnections::Deliver(Connection& connection, Timestamp now) {
  const uint64_t oversized_before = connection.stream.oversized();
  while (const auto bytes = connection.stream.Next()) {
    rtc::PacketRef ref = worker_.AcquirePacket();
    if (!ref) {
      worker_.CountDrop(rtc::DropReason::kNoBuffer);
      continue;
    }
    rtc::Packet& packet = ref.writable();
    std::ranges::copy(*bytes, packet.buffer().begin());
    packet.size = static_cast<uint16_t>(bytes->size());
    packet.received_at = now;
    packet.path = connection.path;
    batch_.push_back(std::move(ref));
    if (batch_.size() == net::UdpSocket::kBatch) HandToWorker(now);
  }
  worker_.CountDrop(rtc::DropReason::kTooLarge, connection.stream.oversized() - oversized_before);
  HandToWorker(now);
}

void TcpConnections::HandToWorker(Timestamp now) {
  if (batch_.empty()) return;
  worker_.Receive(now, batch_);
  batch_.clear();
}

void TcpConnections::Send(rtc::LocalSocket local, BytesView packet, rtc::SendPriority priority) {
  Connection* connection = Find(local);
  if (connection == nullptr) return worker_.CountDrop(rtc::DropReason::kConnectionGone);
  if (!connection->stream.Queue(packet, QueueLimit(priority))) {
    worker_.CountDrop(rtc::DropReason::kConnectionSlow);
  }
  MarkSentTo(*connection);
}

void TcpConnections::MarkSentTo(Connection& connection) {
  if (std::exchange(connection.sent_to, true)) return;
  sent_to_.push_back(connection.path.local);
}

void TcpConnections::Flush() {
  for (const rtc::LocalSocket local : sent_to_) {
    if (Connection* connection = Find(local)) FlushOne(*connection);
  }
  sent_to_.clear();
}

void TcpConnections::FlushOne(Connection& connection) {
  connection.sent_to = false;
  if (!connection.stream.Flush()) return End(connection, TcpEnd::kPeer);
  const auto wanted =
      connection.stream.queued() > 0 ? Poller::Interest::kReadAndWrite : Poller::Interest::kRead;
  if (connection.interest == wanted) return;
  connection.interest = wanted;
  const bool is_changed = poller_.Change(connection.stream.fd(), Poller::Kind::kConnection,
                                         connection.path.local.value(), wanted);
  if (!is_changed) End(connection, TcpEnd::kPeer);
}

void TcpConnections::HandleTimeout(Timestamp now) {
  if (now < NextTimeout()) return;
  next_sweep_ = now + kSweepInterval;
  for (const Slot& slot : slots_) {
    Connection* connection = slot.connection.get();
    if (connection == nullptr) continue;
    SetProven(*connection, worker_.IsValidated(connection->path));
    if (connection->proven) connection->last_proven_at = now;
    if (now - connection->last_proven_at >= kUnusedTimeout) End(*connection, TcpEnd::kUnused);
  }
}

size_t TcpConnections::queued() const {
  size_t octets = 0;
  for (const Slot& slot : slots_) {
    if (slot.connection != nullptr) octets += slot.connection->stream.queued();
  }
  return octets;
}

}  // namespace confab::media
