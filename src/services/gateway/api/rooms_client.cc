#include "services/gateway/api/rooms_client.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/rendezvous.h"

namespace confab::gateway {

namespace pb = rooms::v1;

RoomsClient::RoomsClient(asio::io_context& io)
    : io_(io),
      peers_(std::make_shared<std::vector<Peer>>()),
      caller_(io, {.who = "the signaling service"}) {}

RoomsClient::~RoomsClient() = default;

void RoomsClient::SetInstances(std::vector<Instance> instances) {
  auto peers = std::make_shared<std::vector<Peer>>();
  for (Instance& instance : instances) {
    peers->push_back({std::move(instance.id), pb::Rooms::NewStub(std::move(instance.channel))});
  }
  peers_ = std::move(peers);
}

template <typename Request, typename Response>
asio::awaitable<Result<Response>> RoomsClient::AskOne(std::string room, Request request,
                                                      Method<Request, Response> method) {
  const Peers peers = peers_;
  std::vector<std::string> ids;
  for (const Peer& peer : *peers) ids.push_back(peer.id);
  if (ids.empty()) {
    co_return Fail(ErrorCode::kUnavailable, "no signaling service is known; try again in a moment");
  }
  Async* async = (*peers)[RendezvousOrder(room, ids).front()].stub->async();
  co_return co_await caller_.Call(async, method, std::move(request));
}

template <typename Request, typename Response>
asio::awaitable<Result<std::vector<Response>>> RoomsClient::AskAll(
    Request request, Method<Request, Response> method) {
  const Peers peers = peers_;
  const auto ask = [this, &request, method](const Peer& peer) {
    Async* async = peer.stub->async();
    return asio::co_spawn(io_, caller_.Call(async, method, request), asio::deferred);
  };
  std::vector<decltype(ask(peers->front()))> asked;
  for (const Peer& peer : *peers) asked.push_back(ask(peer));
  std::vector<Response> answers;
  Error last{ErrorCode::kUnavailable, "no signaling service is known; try again in a moment"};
  if (asked.empty()) co_return std::unexpected(std::move(last));
  auto [order, exceptions, results] =
      co_await asio::experimental::make_parallel_group(std::move(asked))
          .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  for (Result<Response>& result : results) {
    if (result) {
      answers.push_back(std::move(*result));
    } else {
      last = std::move(result.error());
    }
  }
  if (answers.empty()) co_return std::unexpected(std::move(last));
  co_return answers;
}

asio::awaitable<Result<pb::ListRoomsResponse>> RoomsClient::List(pb::ListRoomsRequest request) {
  const uint32_t size = request.page_size();
  auto pages = co_await AskAll(std::move(request), &Async::ListRooms);
  if (!pages) co_return std::unexpected(pages.error());
  pb::ListRoomsResponse merged;
  std::vector<pb::Room> all;
  for (pb::ListRoomsResponse& page : *pages) {
    merged.set_has_more(merged.has_more() || page.has_more());
    for (pb::Room& room : *page.mutable_rooms()) all.push_back(std::move(room));
  }
  std::ranges::sort(all, {},
                    [](const pb::Room& room) -> const std::string& { return room.name(); });
  if (all.size() > size) {
    all.resize(size);
    merged.set_has_more(true);
  }
  for (pb::Room& room : all) *merged.add_rooms() = std::move(room);
  co_return merged;
}

asio::awaitable<Result<pb::GetRoomResponse>> RoomsClient::Find(std::string room) {
  pb::GetRoomRequest request;
  request.set_name(room);
  co_return co_await AskOne(std::move(room), std::move(request), &Async::GetRoom);
}

asio::awaitable<Result<pb::CloseRoomResponse>> RoomsClient::Close(std::string room) {
  pb::CloseRoomRequest request;
  request.set_name(room);
  co_return co_await AskOne(std::move(room), std::move(request), &Async::CloseRoom);
}

asio::awaitable<Result<pb::RemoveParticipantResponse>> RoomsClient::Remove(
    pb::RemoveParticipantRequest request) {
  std::string room = request.room();
  co_return co_await AskOne(std::move(room), std::move(request), &Async::RemoveParticipant);
}

asio::awaitable<Result<pb::MuteParticipantResponse>> RoomsClient::Mute(
    pb::MuteParticipantRequest request) {
  std::string room = request.room();
  co_return co_await AskOne(std::move(room), std::move(request), &Async::MuteParticipant);
}

asio::awaitable<Result<std::vector<pb::GetStateResponse>>> RoomsClient::State() {
  co_return co_await AskAll(pb::GetStateRequest(), &Async::GetState);
}

}  // namespace confab::gateway
