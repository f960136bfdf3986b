#include "socketio/client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <deque>
#include <map>

#include "net/event.h"
#include "socketio/engine_client.h"
#include "socketio/message.h"
#include "socketio/packet.h"

namespace confab::socketio {
namespace {

constexpr std::string_view kMainNamespace = "/";

std::unexpected<Error> Broken(std::string_view what) {
  return Fail(ErrorCode::kUnavailable,
              "The server broke the rules of Socket.IO: " + std::string(what) + ".");
}

std::string TextOf(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : "";
}

// CONNECT_ERROR: {"message":…} and, from a confab server, "data":{"code":…,"message":…}.
Error RefusalOf(const boost::json::object& object) {
  Error error{ErrorCode::kForbidden, TextOf(object, "message")};
  if (error.message.empty()) error.message = "The server refused the connection.";
  const auto* data = object.if_contains("data");
  if (!data || !data->is_object()) return error;
  const std::string code = TextOf(data->get_object(), "code");
  // kInternal is the last enumerator.
  for (uint8_t i = 0; i <= static_cast<uint8_t>(ErrorCode::kInternal); ++i) {
    if (ToString(static_cast<ErrorCode>(i)) == code) error.code = static_cast<ErrorCode>(i);
  }
  return error;
}

}  // namespace

// All of the client. The static coroutines hold it while they wait.
class Client::Core final {
 public:
  using Ptr = std::shared_ptr<Core>;

  Core(const asio::any_io_executor& executor, ClientOptions options)
      : options_(std::move(options)), settled_(executor), arrived_(executor), finished_(executor) {}

  static asio::awaitable<Result<void>> Connect(Ptr self);
  static asio::awaitable<Result<ClientEvent>> Next(Ptr self);
  static asio::awaitable<Result<Arguments>> Call(Ptr self, std::string event, Arguments arguments);
  static asio::awaitable<void> Close(Ptr self);

  bool is_connected() const { return is_connected_ && !end_; }
  void Send(const std::string& text, const Arguments& arguments);
  void Abort() {
    if (engine_) engine_->End("The client was given up.");
  }

 private:
  struct PendingCall {
    explicit PendingCall(const asio::any_io_executor& executor) : answered(executor) {}
    net::Event answered;
    std::optional<Result<Arguments>> result;
  };
  struct QueuedEvent {
    ClientEvent event;
    size_t bytes = 0;  // as received
  };

  static asio::awaitable<void> ReadLoop(Ptr self);
  // An error ends the connection.
  Result<void> Handle(EnginePacket packet);
  Result<void> HandlePacket(Packet packet, size_t bytes);
  Result<void> HandleFirst(const Packet& packet);
  Result<void> HandleEvent(Packet packet, size_t bytes);
  void HandleAck(Packet packet);
  void Finish(Error error);

  ClientOptions options_;
  // Shared with its writing coroutine; null until it is open.
  std::shared_ptr<EngineClient> engine_;
  PacketAssembler assembler_;
  size_t packet_bytes_ = 0;  // of the packet that is being put together
  bool is_connected_ = false;
  std::optional<Error> end_;
  net::Event settled_;  // connected or ended
  net::Event arrived_;
  net::Event finished_;
  std::deque<QueuedEvent> events_;
  size_t event_bytes_ = 0;
  // Shared with the coroutines that wait for them.
  std::map<uint64_t, std::shared_ptr<PendingCall>> calls_;
  uint64_t next_call_id_ = 0;
};

asio::awaitable<Result<void>> Client::Core::Connect(Ptr self) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + ToChrono(self->options_.connect_limit);
  EngineClientOptions options;
  options.url = self->options_.url;
  options.query = self->options_.query;
  options.connect_limit = self->options_.connect_limit;
  options.max_message_bytes = self->options_.max_message_bytes;
  options.max_queued_bytes = self->options_.max_queued_bytes;
  auto engine = co_await EngineClient::Connect(std::move(options));
  if (!engine) co_return std::unexpected(engine.error());
  self->engine_ = std::move(*engine);
  Packet packet;
  packet.type = PacketType::kConnect;
  packet.object = std::move(self->options_.auth);
  self->Send(EncodeHeader(packet), {});
  asio::co_spawn(self->settled_.get_executor(), ReadLoop(self), asio::detached);
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline - Clock::now());
  co_await self->settled_.Wait(TimeDelta::Micros(left.count()));
  if (self->end_) co_return std::unexpected(*self->end_);
  if (self->is_connected_) co_return Result<void>();
  co_return Fail(ErrorCode::kUnavailable, "The server did not let this client in in time.");
}

asio::awaitable<void> Client::Core::ReadLoop(Ptr self) {
  for (;;) {
    auto packet = co_await self->engine_->Read();
    if (!packet) co_return self->Finish(packet.error());
    const auto handled = self->Handle(std::move(*packet));
    if (!handled) co_return self->Finish(handled.error());
  }
}

void Client::Core::Finish(Error error) {
  engine_->End(error.message);
  end_ = std::move(error);
  // Whoever was let in hears of an end; the code tells of a refusal to Connect only.
  if (is_connected_) end_->code = ErrorCode::kUnavailable;
  for (const auto& [id, call] : std::exchange(calls_, {})) {
    call->result = std::unexpected(*end_);
    call->answered.Set();
  }
  settled_.Set();
  arrived_.Set();
  finished_.Set();
}

Result<void> Client::Core::Handle(EnginePacket packet) {
  packet_bytes_ += packet.data.size();
  Result<std::optional<Packet>> added;
  if (packet.kind == EngineFrame::Kind::kText) {
    added = assembler_.AddText(packet.data);
  } else {
    const BytesView bytes = AsBytes(packet.data);
    added = assembler_.AddBinary(Blob(bytes.begin(), bytes.end()));
  }
  if (!added) return Broken(added.error().message);
  if (!*added) return {};
  return HandlePacket(std::move(**added), std::exchange(packet_bytes_, 0));
}

Result<void> Client::Core::HandlePacket(Packet packet, size_t bytes) {
  if (packet.nsp != kMainNamespace) return Broken("a packet of a namespace that was not joined");
  if (!is_connected_) return HandleFirst(packet);
  switch (packet.type) {
    case PacketType::kEvent:
    case PacketType::kBinaryEvent: return HandleEvent(std::move(packet), bytes);
    case PacketType::kAck:
    case PacketType::kBinaryAck: HandleAck(std::move(packet)); return {};
    case PacketType::kDisconnect:
      return Fail(ErrorCode::kUnavailable, "The server disconnected this client.");
    case PacketType::kConnect:
    case PacketType::kConnectError: break;
  }
  return Broken("a second answer to CONNECT");
}

Result<void> Client::Core::HandleFirst(const Packet& packet) {
  if (packet.type == PacketType::kConnectError) return std::unexpected(RefusalOf(packet.object));
  if (packet.type != PacketType::kConnect) return Broken("a packet before the answer to CONNECT");
  is_connected_ = true;
  settled_.Set();
  return {};
}

Result<void> Client::Core::HandleEvent(Packet packet, size_t bytes) {
  const bool fits = events_.empty() || event_bytes_ + bytes <= options_.max_queued_bytes;
  if (!fits || events_.size() >= options_.max_waiting_events) {
    return Fail(ErrorCode::kUnavailable, "Too many events wait: this client does not fetch them.");
  }
  auto& values = packet.arguments.values;
  QueuedEvent queued;
  queued.bytes = bytes;
  queued.event.name = std::string(values.front().get_string());
  values.erase(values.begin());
  queued.event.arguments = std::move(packet.arguments);
  queued.event.ack_id = packet.id;
  event_bytes_ += bytes;
  events_.push_back(std::move(queued));
  arrived_.Set();
  return {};
}

void Client::Core::HandleAck(Packet packet) {
  const auto found = calls_.find(*packet.id);
  if (found == calls_.end()) return;  // too late, or nobody asked
  const auto call = std::move(found->second);
  calls_.erase(found);
  call->result = std::move(packet.arguments);
  call->answered.Set();
}

void Client::Core::Send(const std::string& text, const Arguments& arguments) {
  for (const EngineFramePtr& frame : MakeMessage(text, arguments.attachments)) {
    engine_->Send(frame);
  }
}

asio::awaitable<Result<ClientEvent>> Client::Core::Next(Ptr self) {
  while (self->events_.empty()) {
    if (self->end_) co_return std::unexpected(*self->end_);
    self->arrived_.Reset();
    co_await self->arrived_.Wait();
  }
  QueuedEvent queued = std::move(self->events_.front());
  self->events_.pop_front();
  self->event_bytes_ -= queued.bytes;
  co_return std::move(queued.event);
}

asio::awaitable<Result<Arguments>> Client::Core::Call(Ptr self, std::string event,
                                                      Arguments arguments) {
  if (self->end_) co_return std::unexpected(*self->end_);
  if (self->calls_.size() >= self->options_.max_calls) {
    co_return Fail(ErrorCode::kLimitExceeded, "Too many calls wait for the server's answer.");
  }
  const uint64_t id = self->next_call_id_++;
  const auto call = std::make_shared<PendingCall>(self->settled_.get_executor());
  self->calls_.emplace(id, call);
  self->Send(EncodeEvent(kMainNamespace, id, event, arguments), arguments);
  co_await call->answered.Wait(self->options_.call_limit);
  self->calls_.erase(id);
  if (call->result) co_return std::move(*call->result);
  co_return Fail(ErrorCode::kUnavailable, "The server did not answer \"" + event + "\" in time.");
}

asio::awaitable<void> Client::Core::Close(Ptr self) {
  Packet packet;
  packet.type = PacketType::kDisconnect;
  self->Send(EncodeHeader(packet), {});
  self->engine_->Close();
  co_await self->finished_.Wait();
}

Client::Client(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Client::~Client() {
  core_->Abort();
}

asio::awaitable<Result<std::unique_ptr<Client>>> Client::Connect(ClientOptions options) {
  const auto executor = co_await asio::this_coro::executor;
  auto core = std::make_shared<Core>(executor, std::move(options));
  // Drops the connection where it comes to nothing, or where this coroutine is destroyed.
  std::unique_ptr<Client> client(new Client(core));
  const auto connected = co_await Core::Connect(std::move(core));
  if (!connected) co_return std::unexpected(connected.error());
  co_return client;
}

asio::awaitable<Result<ClientEvent>> Client::Next() {
  return Core::Next(core_);
}

asio::awaitable<Result<Arguments>> Client::Call(std::string_view event, Arguments arguments) {
  return Core::Call(core_, std::string(event), std::move(arguments));
}

void Client::Emit(std::string_view event, const Arguments& arguments) {
  core_->Send(EncodeEvent(kMainNamespace, std::nullopt, event, arguments), arguments);
}

void Client::Acknowledge(uint64_t ack_id, const Arguments& arguments) {
  core_->Send(EncodeAck(kMainNamespace, ack_id, arguments), arguments);
}

bool Client::is_connected() const {
  return core_->is_connected();
}

asio::awaitable<void> Client::Close() {
  return Core::Close(core_);
}

}  // namespace confab::socketio
