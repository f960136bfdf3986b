#pragma once

#include <cstdint>
#include <memory>

#include "socketio/arguments.h"

namespace confab::socketio {

class Socket;

// The answer to one event. Move-only; good for one call, later ones do nothing. May be kept and
// called when the work is done; after the disconnect, and where the client asked for no answer, it
// does nothing. Dropped uncalled, it sends nothing.
class Acknowledge {
 public:
  Acknowledge() = default;
  Acknowledge(Acknowledge&&) = default;
  Acknowledge& operator=(Acknowledge&&) = default;

  // Whether a call would send something.
  bool wanted() const;
  void operator()(Arguments arguments = {});
  // Sends ErrorValue(error) as the only argument.
  void Fail(const Error& error);

 private:
  friend class Socket;
  struct State {
    std::weak_ptr<Socket> socket;
    uint64_t id = 0;
    bool is_used = false;
  };
  explicit Acknowledge(std::shared_ptr<State> state) : state_(std::move(state)) {}

  // Shared with the server's guard around the handler, which answers where the handler threw.
  std::shared_ptr<State> state_;
};

}  // namespace confab::socketio
