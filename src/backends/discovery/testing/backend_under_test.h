#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backends/discovery/discovery.h"

namespace confab::discovery {

// What the conformance suite runs against: a registry, and discoveries that look at it.
class BackendUnderTest {
 public:
  virtual ~BackendUnderTest() = default;

  // A discovery that will find these instances of others, which stay as long as the backend.
  virtual std::unique_ptr<Discovery> Make(const std::vector<Instance>& others) = 0;
  // Whether what one announces is found by others.
  virtual bool is_shared() const = 0;
  // The end of ids that nobody else uses at the same time in this registry.
  virtual std::string suffix() const { return ""; }
};

// Makes the backend on this io_context; nullptr with `why_not` where it cannot be had here.
using MakeBackend =
    std::function<std::unique_ptr<BackendUnderTest>(asio::io_context& io, std::string& why_not)>;

}  // namespace confab::discovery
