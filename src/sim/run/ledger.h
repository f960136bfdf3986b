#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/units.h"
#include "rtc/session/session.h"
#include "rtc/types.h"

namespace confab::sim {

// What should be true of the server, by the control calls that were made. Written by the
// simulation, read by invariants; entries stay after their end, and their addresses with them.
struct TransportEntry {
  std::string id;
  uint32_t participant = 0;         // the incarnation's number
  rtc::Session* session = nullptr;  // null once it is closed
  Timestamp opened_at;
  Timestamp closed_at = Timestamp::Never();
  bool told_connected = false;
  bool is_open() const { return closed_at.is_never(); }
};

struct ProducerEntry {
  std::string id;
  uint32_t participant = 0;
  rtc::MediaKind kind = rtc::MediaKind::kVideo;
  rtc::Ssrc ssrc;
  std::optional<rtc::Ssrc> rtx_ssrc;
  bool open = true;
  bool paused = false;
  Timestamp changed_at;  // opened, paused, resumed or closed
};

struct ConsumerEntry {
  std::string id;
  TransportEntry* transport = nullptr;
  ProducerEntry* producer = nullptr;
  rtc::Ssrc ssrc;
  std::optional<rtc::Ssrc> rtx_ssrc;
  bool open = true;
  bool paused = false;
  Timestamp changed_at;
  bool may_flow() const { return open && !paused && producer->open && !producer->paused; }
  Timestamp last_change() const { return std::max(changed_at, producer->changed_at); }
};

class Ledger {
 public:
  TransportEntry& AddTransport(TransportEntry entry, const SocketAddress& address);
  // The client has moved; the old address stays known.
  void AddAddress(TransportEntry& transport, const SocketAddress& address) {
    by_address_[address] = &transport;
  }
  ProducerEntry& AddProducer(ProducerEntry entry);
  ConsumerEntry& AddConsumer(ConsumerEntry entry);
  // With everything on it and of it.
  void CloseTransport(Timestamp now, TransportEntry& transport);
  void CloseProducer(Timestamp now, ProducerEntry& producer);

  TransportEntry* TransportAt(const SocketAddress& address) const;
  TransportEntry* FindTransport(std::string_view id);
  const TransportEntry* FindTransport(std::string_view id) const;
  ProducerEntry* FindProducer(std::string_view id);
  const ProducerEntry* FindProducer(std::string_view id) const;
  // By the ssrc of its media or of its retransmissions.
  ConsumerEntry* FindConsumer(const TransportEntry& transport, rtc::Ssrc ssrc) const;

  std::deque<TransportEntry>& transports() { return transports_; }
  std::deque<ProducerEntry>& producers() { return producers_; }
  std::deque<ConsumerEntry>& consumers() { return consumers_; }
  const std::deque<TransportEntry>& transports() const { return transports_; }
  const std::deque<ProducerEntry>& producers() const { return producers_; }
  const std::deque<ConsumerEntry>& consumers() const { return consumers_; }

 private:
  std::deque<TransportEntry> transports_;  // addresses stay
  std::deque<ProducerEntry> producers_;
  std::deque<ConsumerEntry> consumers_;
  std::map<SocketAddress, TransportEntry*> by_address_;
  // Looked up, never walked: its order, that of pointers, plays no part.
  std::map<std::pair<const TransportEntry*, rtc::Ssrc>, ConsumerEntry*> by_ssrc_;
};

}  // namespace confab::sim
