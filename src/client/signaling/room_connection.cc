#include "client/signaling/room_connection.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <utility>

#include "client/signaling/invitation.h"
#include "client/signaling/json_fields.h"
#include "client/signaling/remote_transport.h"
#include "rtc/rtcp/sdes.h"

namespace confab::client {
namespace {

namespace json = boost::json;

Error ErrorOf(std::string_view event, const json::value& error) {
  return {ErrorCode::kUnavailable, fmt::format("{}: {}", event, TextOf(error, "message"))};
}

json::object DtlsClient(const rtc::Fingerprint& own) {
  json::object fingerprint{{"algorithm", rtc::ToString(own.algorithm)},
                           {"value", own.ValueToString()}};
  return {{"role", "client"}, {"fingerprints", json::array{std::move(fingerprint)}}};
}

}  // namespace

RoomConnection::RoomConnection(RoomOptions options, std::unique_ptr<socketio::Client> signaling,
                               const asio::any_io_executor& executor)
    : options_(std::move(options)),
      signaling_(std::move(signaling)),
      ended_(executor),
      welcomed_(executor) {}

asio::awaitable<Result<std::shared_ptr<RoomConnection>>> RoomConnection::Connect(
    RoomOptions options) {
  const auto executor = co_await asio::this_coro::executor;
  if (options.token.empty()) {
    auto token = co_await FetchInvitation(options.url, options.room, options.join_limit);
    if (!token) co_return std::unexpected(token.error());
    options.token = std::move(*token);
  }
  socketio::ClientOptions signaling_options;
  signaling_options.auth = {{"token", options.token}};
  signaling_options.url = options.url;
  // By the room a gateway finds the signaling instance where everyone meets.
  signaling_options.query =
      "room=" + boost::urls::encode(options.room, boost::urls::unreserved_chars);
  signaling_options.connect_limit = options.join_limit;
  signaling_options.call_limit = options.join_limit;
  auto signaling = co_await socketio::Client::Connect(std::move(signaling_options));
  if (!signaling) co_return std::unexpected(signaling.error());
  co_return std::make_shared<RoomConnection>(std::move(options), std::move(*signaling), executor);
}

asio::awaitable<Result<json::value>> RoomConnection::Join() {
  const auto executor = co_await asio::this_coro::executor;
  asio::co_spawn(executor, ReadEvents(), asio::detached);
  co_await welcomed_.Wait(options_.join_limit);
  if (!reason_) co_return std::unexpected(reason_.error());
  if (!router_capabilities_) {
    co_return Fail(ErrorCode::kUnavailable, "the server does not welcome: is it confab?");
  }
  json::object join{{"room", options_.room}, {"name", options_.name}};
  auto joined = co_await Ask("joinRoom", std::move(join));
  if (!joined) co_return joined;
  participant_id_ = TextOf(*joined, "participantId");
  // It serves as the CNAME of what is sent.
  if (participant_id_.empty() || participant_id_.size() > rtc::Sdes::kMaxCnameSize) {
    co_return Fail(ErrorCode::kInvalidMessage, "joinRoom: the answer has no usable participantId");
  }
  co_return joined;
}

asio::awaitable<Result<std::string>> RoomConnection::OpenTransport(
    std::string_view direction, std::shared_ptr<MediaPeer> peer,
    const rtc::DtlsCertificate& certificate) {
  json::object wish{{"direction", direction}};
  const auto created = co_await Ask("createWebRtcTransport", std::move(wish));
  if (!created) co_return std::unexpected(created.error());
  const auto remote = ParseRemoteTransport(*created);
  if (!remote) co_return std::unexpected(remote.error());
  Own(remote->id);

  json::object request{{"transportId", remote->id},
                       {"dtlsParameters", DtlsClient(certificate.fingerprint())}};
  const auto answer = co_await Ask("connectTransport", std::move(request));
  if (!answer) co_return std::unexpected(answer.error());
  if (const auto started = peer->Connect(*remote); !started) {
    co_return std::unexpected(started.error());
  }
  const auto connected = co_await peer->UntilConnected(options_.join_limit);
  if (!connected) co_return std::unexpected(connected.error());
  co_return remote->id;
}

asio::awaitable<Result<json::value>> RoomConnection::Ask(std::string_view event,
                                                         json::object request) {
  const auto self = shared_from_this();
  socketio::Arguments arguments;
  arguments.values.push_back(std::move(request));
  const auto answer = co_await signaling_->Call(event, std::move(arguments));
  if (!answer) co_return std::unexpected(answer.error());
  if (const json::value* error = Find(answer->At(0), "error")) {
    co_return std::unexpected(ErrorOf(event, *error));
  }
  co_return answer->At(0);
}

void RoomConnection::TakeWelcome(const json::value& welcome) {
  const json::value* capabilities = Find(welcome, "routerRtpCapabilities");
  if (capabilities == nullptr || welcomed_.is_set()) return;
  router_capabilities_ = *capabilities;
  welcomed_.Set();
}

// Also drains what nobody cares for.
asio::awaitable<void> RoomConnection::ReadEvents() {
  const auto self = shared_from_this();
  for (;;) {
    const auto event = co_await signaling_->Next();
    if (!event) {
      if (!ended_.is_set()) reason_ = std::unexpected(event.error());
      break;
    }
    if (event->name == "welcome") TakeWelcome(event->arguments.At(0));
    if (event->name == "transportClosed") TakeClosedTransport(event->arguments.At(0));
    if (on_event_) on_event_(*event);
  }
  Stop();
}

void RoomConnection::Own(std::string transport_id) {
  transports_.insert(std::move(transport_id));
}

// Others are those of an earlier life of media.
void RoomConnection::TakeClosedTransport(const json::value& closed) {
  const auto own = transports_.find(TextOf(closed, "transportId"));
  if (own == transports_.end()) return;
  transports_.erase(own);
  reason_ = Fail(ErrorCode::kUnavailable,
                 fmt::format("the server closed the transport: {}", TextOf(closed, "reason")));
  ended_.Set();
}

bool RoomConnection::GoOn() {
  if (is_lost_) return false;
  reason_ = Result<void>();
  ended_.Reset();
  for (const std::string& id : std::exchange(transports_, {})) {
    asio::co_spawn(ended_.get_executor(), CloseTransport(id), asio::detached);
  }
  return true;
}

// The server may have lost it by itself meanwhile: what it answers is all the same.
asio::awaitable<void> RoomConnection::CloseTransport(std::string transport_id) {
  const auto self = shared_from_this();
  json::object request{{"transportId", transport_id}};
  (void)co_await Ask("closeTransport", std::move(request));
}

void RoomConnection::Stop() {
  is_lost_ = true;
  ended_.Set();
  welcomed_.Set();
}

asio::awaitable<void> RoomConnection::Leave() {
  const auto self = shared_from_this();
  Stop();
  (void)co_await Ask("leaveRoom", json::object());
  co_await signaling_->Close();
}

}  // namespace confab::client
