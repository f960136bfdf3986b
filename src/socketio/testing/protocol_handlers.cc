#include "socketio/testing/protocol_handlers.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <stdexcept>

namespace confab::socketio {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kSuitePause(10);

// Why the sockets of "/test" went, by id; a test process makes a few dozen.
std::map<std::string, std::string>& Reasons() {
  static std::map<std::string, std::string> reasons;
  return reasons;
}

std::string TextAt(const Arguments& arguments, size_t index) {
  const auto* text = arguments.At(index).if_string();
  return text ? std::string(*text) : std::string();
}

// A moment after the confirmation: the published suite awaits one message after the other, and
// would miss the second of two that arrive in one segment.
void EmitAuth(const SocketPtr& socket) {
  const auto timer = std::make_shared<asio::steady_timer>(socket->executor(), kSuitePause);
  timer->async_wait([socket, timer](error_code) {  // shared: the wait keeps its own timer
    socket->Emit("auth", {socket->handshake().auth});
  });
}

void AddRooms(const SocketPtr& socket) {
  socket->On("join", [socket](Arguments arguments, Acknowledge acknowledge) {
    socket->Join(TextAt(arguments, 0));
    acknowledge({socket->rooms().size()});
  });
  socket->On("leave", [socket](Arguments arguments, Acknowledge acknowledge) {
    socket->Leave(TextAt(arguments, 0));
    acknowledge();
  });
  socket->On("to-room", [socket](Arguments arguments, Acknowledge acknowledge) {
    Arguments message = arguments;
    message.values.erase(message.values.begin());
    socket->owner().To(TextAt(arguments, 0)).Except(socket->id()).Emit("from-room", message);
    acknowledge();
  });
  socket->On("to-all", [socket](Arguments arguments, Acknowledge) {
    socket->owner().ToAll().Emit("from-all", arguments);
  });
}

void AddFailures(const SocketPtr& socket) {
  socket->On("throw", [](Arguments, Acknowledge) { throw std::runtime_error("on purpose"); });
  socket->On("throw-later", [](Arguments, Acknowledge) -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, std::chrono::milliseconds(5));
    co_await timer.async_wait(asio::use_awaitable);
    throw std::runtime_error("on purpose");
  });
  socket->On("refuse", [](Arguments, Acknowledge acknowledge) {
    const Error error{ErrorCode::kRoomFull, "The room is full."};
    acknowledge.Fail(error);
  });
}

void AddAcknowledgements(const SocketPtr& socket) {
  socket->On("late", [](Arguments arguments, Acknowledge acknowledge) -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, std::chrono::milliseconds(20));
    co_await timer.async_wait(asio::use_awaitable);
    acknowledge(arguments);
    acknowledge(arguments);  // the second does nothing
  });
  socket->On("ask-me", [socket](Arguments arguments, Acknowledge) {
    const auto answered = [socket](Result<Arguments> result) {
      if (result) return socket->Emit("answered", *result);
      socket->Emit("unanswered", {result.error().message});
    };
    socket->Emit("question", arguments, answered, TimeDelta::Millis(200));
  });
}

void AddEnds(const SocketPtr& socket) {
  socket->On("leave-me", [socket](Arguments, Acknowledge) { socket->Disconnect(); });
  socket->On("close-me", [socket](Arguments, Acknowledge) {
    socket->Emit("goodbye");
    socket->Disconnect(Socket::DisconnectScope::kConnection);
  });
  socket->On("reason-of", [](Arguments arguments, Acknowledge acknowledge) {
    const auto found = Reasons().find(TextAt(arguments, 0));
    if (found == Reasons().end()) return acknowledge({nullptr});
    acknowledge({found->second});
  });
  // Emits blocks of 64 KB until told off: the client is expected not to read.
  socket->On("flood", [socket](Arguments, Acknowledge) -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    while (socket->is_connected()) {
      Arguments block;
      block.values.push_back(block.Attach(Blob(64 * 1024)));
      socket->Emit("block", block);
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(asio::use_awaitable);
    }
  });
  socket->OnDisconnect(
      [socket](DisconnectReason reason) { Reasons()[socket->id()] = ToString(reason); });
}

asio::awaitable<Result<void>> CheckToken(SocketPtr socket) {
  const auto& auth = socket->handshake().auth;
  if (auth.contains("throw")) throw std::runtime_error("on purpose");
  const auto* token = auth.if_contains("token");
  if (token && *token == "sesame") co_return Result<void>();
  co_return Fail(ErrorCode::kUnauthorized, "The token does not fit.");
}

}  // namespace

void AddSuiteHandlers(Server& server) {
  server.main().OnConnection([](SocketPtr socket) {
    EmitAuth(socket);
    socket->On("message", [socket](Arguments arguments, Acknowledge) {
      socket->Emit("message-back", arguments);
    });
    socket->On("message-with-ack", [](Arguments arguments, Acknowledge acknowledge) {
      acknowledge(std::move(arguments));
    });
  });
  server.Of("/custom").OnConnection([](SocketPtr socket) { EmitAuth(socket); });
}

void AddTestHandlers(Server& server) {
  server.Of("/test").OnConnection([](SocketPtr socket) {
    EmitAuth(socket);
    socket->On("echo", [](Arguments arguments, Acknowledge acknowledge) {
      acknowledge(std::move(arguments));
    });
    AddRooms(socket);
    AddFailures(socket);
    AddAcknowledgements(socket);
    AddEnds(socket);
  });
  server.Of("/any").OnConnection([](SocketPtr socket) {
    socket->OnAny([](std::string_view event, Arguments arguments, Acknowledge acknowledge) {
      acknowledge({event, arguments.values});
    });
  });
  server.Of("/secret").OnAuthorize(CheckToken);
  server.Of("/secret").OnConnection([](SocketPtr socket) { EmitAuth(socket); });
}

}  // namespace confab::socketio
