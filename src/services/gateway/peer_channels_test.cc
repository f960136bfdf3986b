#include "services/gateway/peer_channels.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

namespace confab::gateway {
namespace {

discovery::Instance Media(std::string id, uint16_t port) {
  return {.service = discovery::ServiceKind::kMedia,
          .id = std::move(id),
          .host = "192.0.2.1",
          .grpc_port = port};
}

TEST(PeerChannels, KeepsTheChannelOfAnInstanceThatStaysAsItIs) {
  int connected = 0;
  PeerChannels channels([&](const discovery::Instance&) {
    ++connected;
    return grpc::CreateChannel("192.0.2.1:1", grpc::InsecureChannelCredentials());
  });
  const auto first = channels.Set({Media("a", 1), Media("b", 1)});
  ASSERT_EQ(first.size(), 2U);
  const auto second = channels.Set({Media("a", 1), Media("b", 2), Media("c", 1)});
  ASSERT_EQ(second.size(), 3U);
  EXPECT_EQ(second[0].channel, first[0].channel);
  EXPECT_NE(second[1].channel, first[1].channel) << "it has moved to another port";
  EXPECT_EQ(connected, 4);
}

TEST(PeerChannels, LeavesOutWhatCannotBeCalledAndTriesItAgain) {
  bool can_connect = false;
  PeerChannels channels([&](const discovery::Instance&) -> std::shared_ptr<grpc::Channel> {
    if (!can_connect) return nullptr;
    return grpc::CreateChannel("192.0.2.1:1", grpc::InsecureChannelCredentials());
  });
  EXPECT_TRUE(channels.Set({Media("a", 1)}).empty());
  can_connect = true;
  EXPECT_EQ(channels.Set({Media("a", 1)}).size(), 1U);
}

}  // namespace
}  // namespace confab::gateway
