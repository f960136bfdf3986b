#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

#include "backends/store/fault.h"
#include "base/back_off.h"
#include "base/random.h"
#include "net/asio.h"
#include "net/event.h"

namespace confab::store {

// Writes for which nobody waits: done one after another in the order in which they came, each
// repeated until it is stored. A write must therefore be one that may be repeated. What waits is in
// memory alone: the end of the process ends it, unless Flush was waited for. Lives on the
// io_context's thread; the io_context must outlive it.
class WriteBehind {
 public:
  // One attempt.
  using Write = std::function<asio::awaitable<StoreResult<void>>()>;
  // Of a write that is given up, with kRefused or kBroken.
  using OnLoss = std::function<void(const StoreError&)>;

  struct Options {
    size_t max_waiting = 10'000;
    // Between attempts; doubled with each, a random half of it taken off.
    TimeDelta first_pause = TimeDelta::Millis(100);
    TimeDelta most_pause = TimeDelta::Seconds(3);
  };
  struct Status {
    size_t waiting = 0;  // the one that is being written included
    uint64_t written = 0;
    uint64_t dropped = 0;  // because too many waited
    uint64_t refused = 0;  // by the store, for good
  };

  WriteBehind(asio::io_context& io, Options options, OnLoss on_loss = {});
  // What waits is forgotten; a write that is under way may still be done.
  ~WriteBehind();
  WriteBehind(const WriteBehind&) = delete;
  WriteBehind& operator=(const WriteBehind&) = delete;

  // At the limit the new write is dropped and counted: those before it may be what it builds on.
  enum class Added : uint8_t { kTaken, kDropped };
  Added Add(Write write);
  // Returns when nothing waits, or when the time is over.
  asio::awaitable<void> Flush(TimeDelta limit);
  Status status() const;

 private:
  struct State {
    State(const asio::any_io_executor& executor, Options given, OnLoss loss);
    Options options;
    OnLoss on_loss;
    std::deque<Write> writes;
    SecureRandom random;
    net::Event empty;  // nothing waits
    net::Event closed;
    bool is_running = false;
    Status counts;
  };
  // While there is something to write.
  static asio::awaitable<void> Run(std::shared_ptr<State> state);
  // The first of those that wait, until it needs no further attempt.
  static asio::awaitable<void> WriteOne(State& state);

  asio::io_context& io_;
  std::shared_ptr<State> state_;  // shared with Run
};

}  // namespace confab::store
