#pragma once

#include <memory>
#include <string>
#include <vector>

#include "confab/media/v1/state.grpc.pb.h"
#include "rpc/caller.h"
#include "services/gateway/api/media_port.h"
#include "services/gateway/peer_channels.h"

namespace confab::gateway {

// The media instances over gRPC, all asked at the same time.
class MediaClient final : public MediaPort {
 public:
  static constexpr TimeDelta kDeadline = TimeDelta::Seconds(1);

  explicit MediaClient(asio::io_context& io);

  // Replaces all that are known. Calls that are on their way go on.
  void SetPeers(const std::vector<Peer>& peers);

  asio::awaitable<std::vector<MediaState>> State(const CallScope& scope) override;

 private:
  struct Known {
    std::string id;
    std::unique_ptr<media::v1::State::Stub> stub;
  };

  std::vector<Known> known_;
  rpc::Caller caller_;
};

}  // namespace confab::gateway
