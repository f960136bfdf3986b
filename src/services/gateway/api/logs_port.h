#pragma once

#include <string>

#include "base/error.h"
#include "net/asio.h"

namespace confab::gateway {

// What is asked of the logs: the explanation of one room's call.
struct ExplainQuestion {
  std::string room;   // its name
  std::string at;     // a UTC time within the call; "" for the newest
  std::string token;  // an API token with the scope logs, for this room alone
  std::string trace;  // of which the request is part
};

// The log viewers, as the REST interface sees them. Lives on the io_context's thread.
class LogsPort {
 public:
  virtual ~LogsPort() = default;

  // The explanation, a JSON object as text. Errors: what the viewer says (kRoomNotFound: it keeps
  // no line of the room), or kUnavailable where none is known or none answers.
  virtual asio::awaitable<Result<std::string>> Explain(ExplainQuestion question) = 0;
};

}  // namespace confab::gateway
