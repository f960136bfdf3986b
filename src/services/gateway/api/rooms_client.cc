#include "services/gateway/api/rooms_client.h"

#include <algorithm>

#include "base/rendezvous.h"

namespace confab::gateway {

namespace pb = rooms::v1;

namespace {

Error NobodyIsKnown() {
  return {ErrorCode::kUnavailable, "no signaling service is known; try again in a moment"};
}

}  // namespace

RoomsClient::RoomsClient(asio::io_context& io) : caller_(io, {.who = "the signaling service"}) {}

RoomsClient::~RoomsClient() = default;

void RoomsClient::SetPeers(const std::vector<Peer>& peers) {
  known_.clear();
  for (const Peer& peer : peers) known_.push_back({peer.id, pb::Rooms::NewStub(peer.channel)});
}

template <typename Request, typename Response>
asio::awaitable<Result<Response>> RoomsClient::AskOne(std::string room, Request request,
                                                      Method<Request, Response> method,
                                                      const CallScope& scope) {
  std::vector<std::string> ids;
  for (const Known& peer : known_) ids.push_back(peer.id);
  if (ids.empty()) co_return std::unexpected(NobodyIsKnown());
  const Known& peer = known_[RendezvousOrder(room, ids).front()];
  co_return co_await caller_.Start(*peer.stub->async(), method, std::move(request), scope).Wait();
}

template <typename Request, typename Response>
asio::awaitable<Result<std::vector<Response>>> RoomsClient::AskAll(Request request,
                                                                   Method<Request, Response> method,
                                                                   const CallScope& scope) {
  std::vector<rpc::Call<Response>> calls;
  for (const Known& peer : known_) {
    calls.push_back(caller_.Start(*peer.stub->async(), method, request, scope));
  }
  std::vector<Response> answers;
  Error last = NobodyIsKnown();
  for (rpc::Call<Response>& call : calls) {
    Result<Response> answer = co_await call.Wait();
    if (answer) {
      answers.push_back(std::move(*answer));
    } else {
      last = std::move(answer.error());
    }
  }
  if (answers.empty()) co_return std::unexpected(std::move(last));
  co_return answers;
}

asio::awaitable<Result<pb::ListRoomsResponse>> RoomsClient::List(pb::ListRoomsRequest request,
                                                                 const CallScope& scope) {
  const uint32_t size = request.page_size();
  auto pages = co_await AskAll(std::move(request), &Async::ListRooms, scope);
  if (!pages) co_return std::unexpected(pages.error());
  pb::ListRoomsResponse merged;
  std::vector<pb::Room> all;
  for (pb::ListRoomsResponse& page : *pages) {
    merged.set_has_more(merged.has_more() || page.has_more());
    for (pb::Room& room : *page.mutable_rooms()) all.push_back(std::move(room));
  }
  std::ranges::sort(all, {},
                    [](const pb::Room& room) -> const std::string& { return room.name(); });
  // A room that several instances have participants in is listed by each, as a whole.
  const auto repeated = std::ranges::unique(
      all, {}, [](const pb::Room& room) -> const std::string& { return room.name(); });
  all.erase(repeated.begin(), repeated.end());
  if (all.size() > size) {
    all.resize(size);
    merged.set_has_more(true);
  }
  for (pb::Room& room : all) *merged.add_rooms() = std::move(room);
  co_return merged;
}

asio::awaitable<Result<pb::GetRoomResponse>> RoomsClient::Find(std::string room,
                                                               const CallScope& scope) {
  pb::GetRoomRequest request;
  request.set_name(room);
  co_return co_await AskOne(std::move(room), std::move(request), &Async::GetRoom, scope);
}

asio::awaitable<Result<pb::CloseRoomResponse>> RoomsClient::Close(pb::CloseRoomRequest request,
                                                                  const CallScope& scope) {
  std::string room = request.name();
  co_return co_await AskOne(std::move(room), std::move(request), &Async::CloseRoom, scope);
}

asio::awaitable<Result<pb::RemoveParticipantResponse>> RoomsClient::Remove(
    pb::RemoveParticipantRequest request, const CallScope& scope) {
  std::string room = request.room();
  co_return co_await AskOne(std::move(room), std::move(request), &Async::RemoveParticipant, scope);
}

asio::awaitable<Result<pb::MuteParticipantResponse>> RoomsClient::Mute(
    pb::MuteParticipantRequest request, const CallScope& scope) {
  std::string room = request.room();
  co_return co_await AskOne(std::move(room), std::move(request), &Async::MuteParticipant, scope);
}

asio::awaitable<Result<std::vector<pb::GetStateResponse>>> RoomsClient::State(
    const CallScope& scope) {
  co_return co_await AskAll(pb::GetStateRequest(), &Async::GetState, scope);
}

}  // namespace confab::gateway
