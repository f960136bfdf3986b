#pragma once

#include <grpcpp/client_context.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "net/asio.h"
#include "rpc/call_registry.h"
#include "rpc/status.h"

namespace confab::rpc {

// Calls of gRPC's callback interface as coroutines on one io_context's thread. Ends every call that
// is on its way with its own end. The io_context must outlive it.
class Caller {
 public:
  struct Options {
    std::string who;                             // "the signaling service", for the sentences
    ErrorCode away = ErrorCode::kUnavailable;    // nobody answers in time
    TimeDelta deadline = TimeDelta::Seconds(3);  // of one call
  };

  Caller(asio::io_context& io, Options options) : io_(io), options_(std::move(options)) {}
  ~Caller() { calls_.CancelAndWait(); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  // `async` is a stub's async(); it must live until the call has ended, at the latest until the
  // deadline.
  template <typename Async, typename Request, typename Response>
  asio::awaitable<Result<Response>> Call(Async* async,
                                         void (Async::*method)(grpc::ClientContext*, const Request*,
                                                               Response*,
                                                               std::function<void(grpc::Status)>),
                                         Request request) {
    auto rpc = std::make_shared<Rpc<Request, Response>>(io_, std::move(request));
    rpc->context.set_deadline(std::chrono::system_clock::now() + ToChrono(options_.deadline));
    calls_.Add(rpc->context);
    (async->*method)(&rpc->context, &rpc->request, &rpc->response,
                     [this, rpc](const grpc::Status& status) mutable {
                       grpc::ClientContext& context = rpc->context;  // from here on a name only
                       // The last reference goes to our thread: the timer inside belongs there.
                       asio::post(io_, [rpc = std::move(rpc), status] {
                         rpc->status = status;
                         rpc->done.cancel();
                       });
                       calls_.Remove(context);
                     });
    while (!rpc->status) co_await rpc->done.async_wait(asio::as_tuple(asio::use_awaitable));
    if (rpc->status->ok()) co_return std::move(rpc->response);
    co_return std::unexpected(ToError(*rpc->status, options_.who, options_.away));
  }

 private:
  // Everything that gRPC needs until it calls back. Shared: std::function must be copyable.
  template <typename Request, typename Response>
  struct Rpc {
    Rpc(asio::io_context& io, Request given) : request(std::move(given)), done(io) {
      done.expires_at(asio::steady_timer::time_point::max());
    }
    grpc::ClientContext context;
    Request request;
    Response response;
    asio::steady_timer done;
    std::optional<grpc::Status> status;
  };

  asio::io_context& io_;
  const Options options_;
  CallRegistry calls_;
};

}  // namespace confab::rpc
