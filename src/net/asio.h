#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>

#include "base/units.h"

// What every file on net/ needs of Asio. A service runs one io_context on one thread: nothing in
// net/ or socketio/ takes a lock or is safe from a second thread.
namespace confab {

namespace asio = boost::asio;
using boost::system::error_code;

inline std::chrono::microseconds ToChrono(TimeDelta delta) {
  return std::chrono::microseconds(delta.us());
}

}  // namespace confab
