#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "rpc/call_meter.h"
#include "rpc/security.h"
#include "rpc/token.h"

namespace confab::rpc {

// A service that a server offers. Checks its calls with a CallGate. Not owned; must outlive the
// server.
struct Offer {
  std::string name;  // in full: "confab.media.v1.Media"
  grpc::Service* service = nullptr;
};

struct ServerOptions {
  std::string address;  // an IP address to listen on; "": in-process only
  uint16_t port = 0;    // 0: the system chooses
  Credentials credentials = Credentials::Plain();
  std::vector<Offer> offers;
  // Counts the calls that are answered, and those that are made by in-process channels. nullptr:
  // nobody does.
  std::shared_ptr<CallMeter> served;
  std::shared_ptr<CallMeter> made;
};

// A gRPC server with what all services share: keepalive, limits, TLS, and the standard health
// protocol (grpc.health.v1, without a token), which tells of each offer and, under "", of all.
// Thread-safe but for its end.
class Server {
 public:
  // Error: kInvalidConfiguration (address, plain text that would leave the machine), kUnavailable
  // (the port is taken).
  static Result<std::unique_ptr<Server>> Start(ServerOptions options);
  // Stop(), if nobody did.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // 0: in-process only.
  uint16_t port() const { return port_; }
  // A channel to this server without a socket. May outlive it: calls then fail as UNAVAILABLE.
  std::shared_ptr<grpc::Channel> InProcessChannel(TokenSource tokens);
  // What the health protocol says of every offer.
  enum class Serving : uint8_t { kNo, kYes };
  void SetServing(Serving serving);
  // Takes no more calls; those that are under way may end until the deadline. Blocks.
  void Stop(TimeDelta deadline);

 private:
  explicit Server(std::vector<Offer> offers) : offers_(std::move(offers)) {}

  std::vector<Offer> offers_;
  // Answers UNIMPLEMENTED to what nobody offers. gRPC does not start a server without any service.
  grpc::CallbackGenericService others_;
  uint16_t port_ = 0;
  bool is_stopped_ = false;
  std::shared_ptr<CallMeter> made_;  // shared with the channels
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace confab::rpc
