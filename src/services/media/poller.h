#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>

#include "net/file_descriptor.h"

namespace confab::media {

// epoll for a worker's descriptors, each named by what it is and a number. Level-triggered: what
// was not read in one turn is told again in the next. A closed descriptor leaves by itself.
class Poller {
 public:
  enum class Kind : uint8_t { kWake, kUdp, kHandshakes, kPlain, kListener, kConnection };
  enum class Interest : uint8_t { kRead, kReadAndWrite };
  struct Event {
    Kind kind;
    uint32_t number;
    bool readable;  // or at its end, or broken: reading tells
    bool writable;
  };
  static constexpr size_t kMaxEvents = 64;

  // False here and below: the system refuses, being out of descriptors or memory.
  [[nodiscard]] bool Open();
  [[nodiscard]] bool Add(int fd, Kind kind, uint32_t number);
  [[nodiscard]] bool Change(int fd, Kind kind, uint32_t number, Interest interest);
  // Waits for at most `limit_ms`. The events live until the next call.
  std::span<const Event> Wait(int limit_ms);

 private:
  bool Control(int operation, int fd, Kind kind, uint32_t number, uint32_t events);

  net::FileDescriptor fd_;
  std::array<Event, kMaxEvents> events_;
};

}  // namespace confab::media
