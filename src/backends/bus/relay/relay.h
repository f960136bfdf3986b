#pragma once

#include <memory>
#include <string>

#include "backends/bus/ledger.h"
#include "backends/bus/limits.h"

namespace confab::bus {

class Mirror;

struct RelayStatus {
  bool is_up = false;
  std::string reason;     // why not; "" while it is up
  uint64_t relayed = 0;   // changes
  uint64_t left_out = 0;  // times that a room was one too many
};

// Joins two regions, each with a Redis of its own: participants of one room may sit in both. Each
// region keeps sequences of its own; a change keeps its origin and number. Regions that are more
// than two need a relay for each pair. Runs anywhere, best next to one of the two, and any number
// of times: what one has done the other finds done. Lives on one io_context and its thread; begins
// at once.
class Relay {
 public:
  struct Side {
    std::unique_ptr<Ledger> ledger;
    std::string region;  // not the other's
  };
  Relay(asio::io_context& io, Side one, Side other, const Times& times);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  RelayStatus status() const;

 private:
  // Shared with their coroutines.
  std::shared_ptr<Mirror> there_;
  std::shared_ptr<Mirror> back_;
};

}  // namespace confab::bus
