#include "services/signaling/signaling_service.h"

#include <utility>

#include "net/http_router.h"
#include "net/http_server.h"
#include "services/signaling/call/switchboard.h"
#include "services/signaling/call/token_renewal.h"
#include "services/signaling/chat/local_messages.h"
#include "services/signaling/chat/stored_messages.h"
#include "services/signaling/door/handshakes.h"
#include "services/signaling/handlers/chat_handlers.h"
#include "services/signaling/handlers/consumer_handlers.h"
#include "services/signaling/handlers/event_worker.h"
#include "services/signaling/handlers/join_handlers.h"
#include "services/signaling/handlers/moderation_handlers.h"
#include "services/signaling/handlers/participant_handlers.h"
#include "services/signaling/handlers/prepare_handlers.h"
#include "services/signaling/handlers/producer_handlers.h"
#include "services/signaling/handlers/report_handlers.h"
#include "services/signaling/handlers/transport_handlers.h"
#include "services/signaling/rooms_api/rooms_api.h"
#include "services/signaling/socket_connection.h"
#include "socketio/server.h"

namespace confab::signaling {
namespace {

socketio::ServerOptions SocketOptions(const SignalingOptions& options) {
  return {.engine = {.instance_id = options.instance_id,
                     .max_sessions = options.max_connections,
                     .cors_origins = options.cors_origins}};
}

std::unique_ptr<Messages> MessagesOf(const SignalingOptions& options) {
  if (options.store == nullptr) return std::make_unique<LocalMessages>();
  return std::make_unique<StoredMessages>(*options.store);
}

}  // namespace

struct SignalingService::Parts {
  Parts(asio::io_context& io, SignalingOptions given)
      : options(given),
        switchboard(io, std::move(given)),
        joins(switchboard),
        preparations(switchboard),
        transports(switchboard),
        producers(switchboard),
        consumers(switchboard),
        participants(switchboard),
        moderation(switchboard),
        moderators(moderation),
        messages(MessagesOf(options)),
        chat(io, switchboard, *messages),
        writers(switchboard, chat),
        reporters(switchboard),
        handshakes(switchboard.door(), options.logger),
        rooms(io, moderation, options.check_token, options.logger),
        renewal(io, switchboard),
        worker(switchboard, table),
        sockets(io, SocketOptions(options)),
        http(io, router, {.max_connections = options.max_connections}) {
    joins.AddTo(table);
    preparations.AddTo(table);
    transports.AddTo(table);
    producers.AddTo(table);
    consumers.AddTo(table);
    participants.AddTo(table);
    moderators.AddTo(table);
    writers.AddTo(table);
    reporters.AddTo(table);
    AttachSockets(sockets, handshakes, switchboard, worker);
    router.AddPrefix("/socket.io/", sockets);
    if (options.other_paths != nullptr) router.SetFallback(*options.other_paths);
  }

  SignalingOptions options;
  Switchboard switchboard;
  JoinHandlers joins;
  PrepareHandlers preparations;
  TransportHandlers transports;
  ProducerHandlers producers;
  ConsumerHandlers consumers;
  ParticipantHandlers participants;
  Moderation moderation;
  ModerationHandlers moderators;
  std::unique_ptr<Messages> messages;
  Chat chat;
  ChatHandlers writers;
  ReportHandlers reporters;
  Handshakes handshakes;
  RoomsApi rooms;
  TokenRenewal renewal;
  EventTable table;
  EventWorker worker;
  socketio::Server sockets;
  net::HttpRouter router;
  net::HttpServer http;
  std::unique_ptr<rpc::Server> rpc;
};

SignalingService::SignalingService(asio::io_context& io, SignalingOptions options)
    : parts_(std::make_unique<Parts>(io, std::move(options))) {}

SignalingService::~SignalingService() = default;

Result<uint16_t> SignalingService::Start() {
  const Result<SocketAddress> address =
      parts_->http.Listen({.address = parts_->options.listen_address,
                           .port = parts_->options.port,
                           .port_tries = parts_->options.port_tries});
  if (!address) return std::unexpected(address.error());
  parts_->options.grpc.offers.push_back(
      {.name = rooms::v1::Rooms::service_full_name(), .service = &parts_->rooms});
  auto rpc = rpc::Server::Start(parts_->options.grpc);
  if (!rpc) return std::unexpected(rpc.error());
  parts_->rpc = std::move(*rpc);
  parts_->renewal.Start();
  return address->port();
}

void SignalingService::SetMedia(std::vector<discovery::Instance> instances) {
  parts_->switchboard.SetMedia(std::move(instances));
}

std::vector<MediaInstanceStatus> SignalingService::media_status() const {
  return parts_->switchboard.media_status();
}

std::vector<std::string> SignalingService::event_names() const {
  return parts_->table.names();
}

uint16_t SignalingService::grpc_port() const {
  return parts_->rpc->port();
}

std::shared_ptr<grpc::Channel> SignalingService::InProcessChannel(rpc::TokenSource tokens) {
  return parts_->rpc->InProcessChannel(std::move(tokens));
}

asio::awaitable<void> SignalingService::Stop(TimeDelta deadline) {
  if (parts_->rpc) parts_->rpc->SetServing(rpc::Server::Serving::kNo);
  parts_->rooms.Close();
  parts_->renewal.Stop();
  co_await parts_->rooms.Drain(deadline / 2);
  parts_->switchboard.SayGoodbye();
  if (parts_->options.bus != nullptr) {
    // Clients are to come back at once, and to find another instance.
    parts_->sockets.Stop();
    co_await parts_->http.Stop(deadline / 4);
  }
  // Half for what the media service has to do, half for the connections.
  co_await parts_->switchboard.Stop(deadline / 2);
  co_await parts_->switchboard.FlushRecord(deadline / 4);
  parts_->sockets.Stop();
  co_await parts_->http.Stop(deadline / 2);
}

const SignalingMeter& SignalingService::meter() const {
  return parts_->switchboard.meter();
}

SignalingStatus SignalingService::status() const {
  SignalingStatus status = parts_->switchboard.status();
  const socketio::ServerCounters sockets = parts_->sockets.counters();
  status.parse_errors = sockets.parse_errors;
  status.slow_readers = sockets.slow_readers;
  status.ping_timeouts = sockets.ping_timeouts;
  status.handler_exceptions = sockets.handler_exceptions;
  status.dropped_events = sockets.dropped_events;
  return status;
}

}  // namespace confab::signaling
