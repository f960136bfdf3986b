#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "backends/discovery/discovery.h"
#include "base/units.h"
#include "net/http_proxy.h"

namespace confab::gateway {

// To which signaling instance a request for /socket.io/ goes, without keeping anything of a client:
// every gateway that knows the same instances decides the same. Lives on one thread.
//
//   sid=INSTANCE.…    the instance that made the session
//   room=NAME         the instance that wants this room most (rendezvous hashing)
//   neither           each in turn
class SignalingRoutes {
 public:
  // An instance to which no connection could be made comes last for so long.
  static constexpr TimeDelta kSkipTime = TimeDelta::Seconds(2);

  // All that there are now.
  void Set(std::vector<discovery::Instance> instances);
  const std::vector<discovery::Instance>& instances() const { return instances_; }

  // In the order of trying. Instead: Engine.IO's own error for a session whose instance is gone, so
  // that the client begins anew; 503 where no instance is known.
  net::HttpProxy::Choice Choose(const net::HttpRequest& request, Timestamp now);
  // No connection could be made.
  void Skip(const net::Upstream& upstream, Timestamp now);

 private:
  net::HttpProxy::Choice ForSession(std::string_view sid) const;
  std::vector<size_t> OrderFor(const net::HttpRequest& request);
  bool IsSkipped(const discovery::Instance& instance, Timestamp now) const;

  std::vector<discovery::Instance> instances_;  // sorted by id
  std::vector<std::string> ids_;                // of instances_
  size_t next_ = 0;                             // for requests that name nothing
  // Until when; only of instances_.
  std::map<std::pair<std::string, uint16_t>, Timestamp> skipped_;
};

}  // namespace confab::gateway
