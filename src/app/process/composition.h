#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/process/environment.h"
#include "base/error.h"

namespace confab::app {

// The parts that one command puts together. On the io_context's thread, as every call to it.
class Composition {
 public:
  virtual ~Composition() = default;

  // After an error nothing is left to stop.
  virtual Result<void> Start() = 0;
  // What a person is told on stdout, when there is something to tell.
  virtual asio::awaitable<std::string> Report() = 0;
  // Says goodbye to clients, then ends everything, within about `deadline`.
  virtual asio::awaitable<void> Stop(TimeDelta deadline) = 0;
};

using Compose = std::function<std::unique_ptr<Composition>(const Environment&)>;

}  // namespace confab::app
