#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "net/framed_connection.h"
#include "net/tcp_listener.h"
#include "rtc/types.h"
#include "services/media/poller.h"
#include "sfu/worker.h"

namespace confab::media {

// Why a TCP connection ended. The text form is a metric label.
enum class TcpEnd : uint8_t {
  kPeer,      // the peer closed it, or it broke
  kNotStun,   // it did not begin with a framed STUN message
  kUnused,    // no session has had a validated path there for kUnusedTimeout
  kReplaced,  // the oldest without a validated path, for a newer one at the limit
  kRefused,   // not taken: every one at the limit is in use
  kCount,
};
inline constexpr size_t kTcpEnds = static_cast<size_t>(TcpEnd::kCount);
std::string_view ToString(TcpEnd end);

struct TcpStatus {
  size_t connections = 0;
  uint64_t accepted = 0;
  std::array<uint64_t, kTcpEnds> ended{};

  TcpStatus& operator+=(const TcpStatus& other);
};

// The TCP side of a worker's I/O: ICE-TCP passive candidates (RFC 6544) with RFC 4571 framing.
// Takes connections, hands their packets to the worker, and queues what goes out, which never waits
// for a reader. Each connection is a local socket of its own for the worker. Lives on the worker's
// thread.
class TcpConnections {
 public:
  static constexpr size_t kMaxConnections = 1024;
  // Of these, how many may be without a validated path. A new one takes the place of the oldest.
  static constexpr size_t kMaxUnproven = 128;
  // How long a connection may be without a validated path: a browser checks at once.
  static constexpr TimeDelta kUnusedTimeout = TimeDelta::Seconds(10);
  static constexpr TimeDelta kSweepInterval = TimeDelta::Seconds(1);
  static constexpr int kMaxAcceptsPerTurn = 64;
  // Read from one connection in a turn at most; the rest waits for the next turn.
  static constexpr size_t kReadBytes = size_t{32} * 1024;
  // What may wait for one slow reader: beyond the first mark video is dropped, beyond the second
  // all RTP, beyond the third everything. 128 KB are half a second of 2 Mbit/s.
  static constexpr size_t kVideoQueueBytes = size_t{128} * 1024;
  static constexpr size_t kAudioQueueBytes = size_t{192} * 1024;
  static constexpr size_t kMaxQueueBytes = size_t{256} * 1024;

  // The worker and the poller are not owned and outlive this.
  TcpConnections(std::vector<net::TcpListener> listeners, sfu::Worker& worker, Poller& poller);

  // The local sockets that connections are for the worker; all others are the caller's.
  static bool IsConnection(rtc::LocalSocket local) { return (local.value() & kConnectionBit) != 0; }

  // At which of the listeners the peer came; nullopt: it has gone.
  std::optional<size_t> ListenerOf(rtc::LocalSocket local) const;

  [[nodiscard]] bool AddListenersToPoll();
  // Events of kind kListener and kConnection.
  void HandleEvent(const Poller::Event& event, Timestamp now);
  // Queues a packet. What finds no room or no connection is dropped and counted by the worker.
  void Send(rtc::LocalSocket local, BytesView packet, rtc::SendPriority priority);
  // Once a turn, after the last Send: one write for each connection that was sent to.
  void Flush();
  // At NextTimeout or later: ends connections that nobody uses.
  void HandleTimeout(Timestamp now);
  Timestamp NextTimeout() const { return open_ == 0 ? Timestamp::Never() : next_sweep_; }

  const TcpStatus& status() const { return status_; }
  // Octets that wait for all connections together.
  size_t queued() const;

 private:
  // A number is a slot and how often that has been used, so that an ended connection's number does
  // not mean another one before the slot has been used two million times.
  static constexpr uint32_t kConnectionBit = 0x8000'0000;
  static constexpr uint32_t kSlotBits = 10;
  static constexpr uint32_t kSlotMask = (1u << kSlotBits) - 1;
  static_assert(kMaxConnections == size_t{1} << kSlotBits);

  struct Connection {
    Connection(net::FileDescriptor fd, rtc::Path its_path, size_t its_listener, Timestamp now);
    net::FramedConnection stream;
    rtc::Path path;
    size_t listener;
    bool proven = false;       // as far as was looked last
    Timestamp last_proven_at;  // or the beginning
    bool sent_to = false;      // in this turn
    Poller::Interest interest = Poller::Interest::kRead;
  };
  struct Slot {
    uint32_t uses = 0;
    std::unique_ptr<Connection> connection;
  };

  Connection* Find(rtc::LocalSocket local) const;
  void Accept(size_t listener, Timestamp now);
  void Add(net::TcpListener::Accepted accepted, size_t listener, Timestamp now);
  bool MakeRoom();
  Connection* OldestUnproven();
  void SetProven(Connection& connection, bool proven);
  void Read(Connection& connection, Timestamp now);
  void Deliver(Connection& connection, Timestamp now);
  void HandToWorker(Timestamp now);
  void FlushOne(Connection& connection);
  void MarkSentTo(Connection& connection);
  void End(Connection& connection, TcpEnd reason);

  std::vector<net::TcpListener> listeners_;
  sfu::Worker& worker_;
  Poller& poller_;
  std::vector<Slot> slots_;
  std::deque<uint32_t> free_slots_;  // the longest free first
  size_t open_ = 0;
  size_t unproven_ = 0;
  std::vector<rtc::LocalSocket> sent_to_;
  std::vector<uint8_t> read_buffer_;
  std::vector<rtc::PacketRef> batch_;
  Timestamp next_sweep_ = Timestamp::Past();
  TcpStatus status_;
};

}  // namespace confab::media
