#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/socket_address.h"

namespace confab::socketio {

// How the client came: fixed for the socket's life. Of the headers nothing is kept: strangers fill
// them.
struct Handshake {
  boost::json::object auth;  // what the client gave as `auth`; {} where nothing
  std::string query;         // of the first HTTP request, as sent
  SocketAddress peer;        // of the TCP connection: a proxy's, where there is one
  bool is_tls = false;
};

}  // namespace confab::socketio
