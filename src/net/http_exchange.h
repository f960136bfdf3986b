#pragma once

#include <string>

#include "net/asio.h"
#include "net/http_message.h"
#include "net/stream.h"

namespace confab::net {

// The client's half of one HTTP/1.1 exchange, for the fetch and the proxy.

// Writes head and body. Error kUnavailable.
asio::awaitable<Result<void>> SendRequest(Stream& stream, const std::string& head,
                                          const std::string& body);
// Reads the final response (100 and 103 are skipped, 101 is final). What was read behind it is
// given back to the stream. `method` tells whether there is a body. Error kUnavailable.
asio::awaitable<Result<HttpResponse>> ReadResponse(Stream& stream, std::string_view method,
                                                   size_t max_body_bytes);

}  // namespace confab::net
