#pragma once

#include <cstdint>

#include "rtc/datagram_sink.h"

namespace confab::rtc {

// What a call changed; the new values are read from the agent.
enum class IceEvent : uint8_t {
  kConnected,           // the state became kConnected
  kSelectedChanged,     // selected() is another path, or none
  kCredentialsChanged,  // ufrags() changed: register and unregister them
  kDisconnected,        // the state became kDisconnected
};

// Receives the results of one or more calls of IceLite: datagrams go to the worker's sink, events
// are a set. Not owned by the agent; Clear the events once they are handled.
class IceOutput {
 public:
  explicit IceOutput(DatagramSink& datagrams) : datagrams_(&datagrams) {}

  DatagramSink& datagrams() { return *datagrams_; }
  void Raise(IceEvent event) { events_ = static_cast<uint8_t>(events_ | Bit(event)); }
  bool Has(IceEvent event) const { return (events_ & Bit(event)) != 0; }
  bool has_events() const { return events_ != 0; }
  void Clear() { events_ = 0; }

 private:
  static constexpr uint8_t Bit(IceEvent event) {
    return static_cast<uint8_t>(1U << static_cast<uint8_t>(event));
  }
  DatagramSink* datagrams_;
  uint8_t events_ = 0;
};

}  // namespace confab::rtc
