#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/asio.h"
#include "socketio/arguments.h"

namespace confab::socketio {

struct ClientOptions {
  // No aggregate: GCC 12 destroys one twice that is made within a co_await expression.
  ClientOptions() {}

  std::string url;    // http://127.0.0.1:4000; https is not spoken yet
  std::string query;  // further parameters of the handshake, percent-encoded: "room=NAME"
  boost::json::object auth;
  TimeDelta connect_limit = TimeDelta::Seconds(10);  // for the whole of Connect
  TimeDelta call_limit = TimeDelta::Seconds(10);     // from a Call to its acknowledgement
  size_t max_message_bytes = 1'000'000;              // one frame of the server; beyond: closed
  size_t max_queued_bytes = 4 * 1024 * 1024;  // each way; beyond: closed. One event always fits
  size_t max_waiting_events = 1000;           // that Next has not fetched; beyond: closed
  size_t max_calls = 1000;                    // under way; beyond: refused with kLimitExceeded
};

// What the server emitted. `ack_id` is set where it asks for an acknowledgement.
struct ClientEvent {
  std::string name;
  Arguments arguments;
  std::optional<uint64_t> ack_id;
};

// A Socket.IO 5 client over Engine.IO 4: the WebSocket transport, the main namespace, no
// reconnecting. Lives on the thread of the executor that Connect ran on. May be destroyed at any
// time: the connection is dropped at once, and coroutines that wait in Next, Call or Close end.
class Client final {
 public:
  // Returns when the server has let this client in. Error: kInvalidMessage (url), kUnavailable
  // (with what failed); where the server refuses, its sentence with its code, or with kForbidden
  // where it names none.
  static asio::awaitable<Result<std::unique_ptr<Client>>> Connect(ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The next event, in the order of arrival; those that came before the end are still given. Error
  // kUnavailable: the connection has ended, and why.
  asio::awaitable<Result<ClientEvent>> Next();
  // Emits when awaited, and waits for the acknowledgement. Error kUnavailable: no answer within
  // call_limit, or the connection has ended, and why.
  asio::awaitable<Result<Arguments>> Call(std::string_view event, Arguments arguments = {});
  // Queues; never blocks. After the end it does nothing.
  void Emit(std::string_view event, const Arguments& arguments = {});
  // Answers the event of that `ack_id`. Good for one call, as the server forgets the id.
  void Acknowledge(uint64_t ack_id, const Arguments& arguments = {});

  bool is_connected() const;
  // Sends what is queued, leaves, and returns when the connection has ended, in a bounded time.
  asio::awaitable<void> Close();

 private:
  class Core;
  explicit Client(std::shared_ptr<Core> core);

  // Shared with the coroutines, which may end after the client.
  std::shared_ptr<Core> core_;
};

}  // namespace confab::socketio
