#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bucket_counts.h"
#include "base/error.h"
#include "net/asio.h"

namespace confab::discovery {

enum class ServiceKind : uint8_t { kGateway, kSignaling, kMedia, kLogs };
inline constexpr size_t kServiceKinds = static_cast<size_t>(ServiceKind::kLogs) + 1;

// "gateway", "signaling", "media", "logs".
std::string_view ToString(ServiceKind kind);

// One running process of a service, as its peers reach it. A value.
struct Instance {
  ServiceKind service = ServiceKind::kGateway;
  // Unique among all instances: 1 to 64 characters of [A-Za-z0-9_-]. No '.': Engine.IO session ids
  // are "ID.…", by which a gateway finds the instance.
  std::string id;
  std::string host;        // name or address
  uint16_t http_port = 0;  // health, metrics; of signaling Socket.IO too. 0: none
  uint16_t grpc_port = 0;  // 0: none
  std::string region;      // "" where there is one region

  bool operator==(const Instance&) const = default;
};

// For the health page and the metrics.
struct DiscoveryStatus {
  // The last question was answered. A discovery that is away goes on telling what it knew last.
  bool is_up = false;
  std::string reason;  // why not; "" while it is up
  // Questions that were answered and not answered, and how long the former took but for those that
  // wait for news.
  uint64_t answered = 0;
  uint64_t unanswered = 0;
  BucketCounts answer_times{kCallTimes};
};

// Where the other services are. Lives on one io_context and its thread, as every call to it. The
// io_context must outlive it.
class Discovery {
 public:
  // Ends the following with its destruction; must not outlive the discovery.
  class Following {
   public:
    virtual ~Following() = default;
  };
  // All healthy instances of a service, sorted by id. Called on the io_context's thread, never from
  // within Follow: first when they are known, then with every change.
  using OnChange = std::function<void(const std::vector<Instance>&)>;

  virtual ~Discovery() = default;

  virtual std::unique_ptr<Following> Follow(ServiceKind service, OnChange on_change) = 0;
  // Announces this process, again by itself whenever the announcement was lost, until Withdraw.
  // At most once. That the registry is away is no error: status() says it.
  virtual void Announce(Instance self) = 0;
  // Takes the announcement back, within the deadline as well as it can be done.
  virtual asio::awaitable<void> Withdraw(TimeDelta deadline) = 0;

  virtual DiscoveryStatus status() const = 0;
};

}  // namespace confab::discovery
