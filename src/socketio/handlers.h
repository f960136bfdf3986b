#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "net/asio.h"
#include "socketio/acknowledge.h"
#include "socketio/arguments.h"

namespace confab::socketio {

class Socket;
// Shared, because a suspended handler may hold it past the disconnect; every call does nothing
// then.
using SocketPtr = std::shared_ptr<Socket>;

// Handlers may be plain functions or coroutines. The events of one socket start in the order of
// their arrival; a coroutine that waits does not hold up the next event. An exception stops at the
// server, is counted, and becomes an error acknowledgement (code "internal").
using EventFunction = std::function<void(Arguments, Acknowledge)>;
using EventCoroutine = std::function<asio::awaitable<void>(Arguments, Acknowledge)>;
using AnyEventFunction = std::function<void(std::string_view event, Arguments, Acknowledge)>;
using AnyEventCoroutine =
    std::function<asio::awaitable<void>(std::string event, Arguments, Acknowledge)>;

template <typename F, typename... Args>
concept Coroutine = std::is_same_v<std::invoke_result_t<F&, Args...>, asio::awaitable<void>>;

}  // namespace confab::socketio
