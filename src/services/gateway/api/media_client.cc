#include "services/gateway/api/media_client.h"

#include <utility>

namespace confab::gateway {

namespace media_pb = media::v1;

MediaClient::MediaClient(asio::io_context& io)
    : caller_(io, {.who = "the media service",
                   .away = ErrorCode::kMediaUnavailable,
                   .deadline = kDeadline}) {}

void MediaClient::SetPeers(const std::vector<Peer>& peers) {
  known_.clear();
  for (const Peer& peer : peers)
    known_.push_back({peer.id, media_pb::State::NewStub(peer.channel)});
}

asio::awaitable<std::vector<MediaState>> MediaClient::State(const CallScope& scope) {
  using Async = media_pb::State::StubInterface::async_interface;
  using Method = rpc::Caller::Method<Async, media_pb::GetStateRequest, media_pb::GetStateResponse>;
  const Method method = &Async::GetState;
  std::vector<MediaState> states;
  std::vector<rpc::Call<media_pb::GetStateResponse>> calls;
  for (const Known& peer : known_) {
    states.push_back({.id = peer.id});
    calls.push_back(caller_.Start(*peer.stub->async(), method, {}, scope));
  }
  for (size_t i = 0; i < calls.size(); ++i) {
    Result<media_pb::GetStateResponse> answer = co_await calls[i].Wait();
    if (answer) states[i].answer = std::move(*answer);
  }
  co_return states;
}

}  // namespace confab::gateway
