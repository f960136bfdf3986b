#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "backends/bus/bus.h"
#include "backends/bus/relay/relay.h"

namespace confab::bus {

class MemoryHub;

enum class BusBackend : uint8_t { kMemory, kRedis };

// As configuration has it.
struct BusOptions {
  BusBackend backend = BusBackend::kMemory;
  std::string redis_url = "redis://127.0.0.1:6379/0";  // ParseRedisUrl
  std::string redis_password_file;                     // "": no password
  std::string redis_ca_file;  // for rediss://; "": the system's authorities
  std::string instance_id;
  std::string region;
};

// The bus of this process, which begins to beat at once; that Redis is away is no error. `io` must
// outlive it. Error kInvalidConfiguration: an id, a region or a URL that is none, a file that
// cannot be read or is empty.
Result<std::unique_ptr<Bus>> MakeBus(asio::io_context& io, const BusOptions& options,
                                     const Times& times = {});
// In memory, shared with other buses of this process that are given the same hub.
Result<std::unique_ptr<Bus>> MakeMemoryBus(asio::io_context& io, std::shared_ptr<MemoryHub> hub,
                                           const BusOptions& options, const Times& times = {});

// Joins the regions of the two; their backend and id do not matter. Error kInvalidConfiguration as
// above, and where the regions are the same.
Result<std::unique_ptr<Relay>> MakeRelay(asio::io_context& io, const BusOptions& one,
                                         const BusOptions& other, const Times& times = {});

}  // namespace confab::bus
