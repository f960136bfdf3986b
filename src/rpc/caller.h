#pragma once

#include <grpcpp/client_context.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "net/asio.h"
#include "rpc/call.h"
#include "rpc/call_registry.h"
#include "rpc/call_scope_metadata.h"
#include "rpc/status.h"

namespace confab::rpc {

// Makes calls of gRPC's callback interface on one io_context's thread, and ends every one that is
// on its way with its own end, which blocks for the moment that this takes. The io_context must
// outlive it.
class Caller {
 public:
  struct Options {
    std::string who;                             // "the signaling service", for the sentences
    ErrorCode away = ErrorCode::kUnavailable;    // nobody answers in time
    TimeDelta deadline = TimeDelta::Seconds(3);  // of one call
    // May make another error of the peer's own before the caller sees it. May be empty.
    std::function<void(Error&)> amend = {};
  };
  // One of a stub's async().
  template <typename Async, typename Request, typename Response>
  using Method = void (Async::*)(grpc::ClientContext*, const Request*, Response*,
                                 std::function<void(grpc::Status)>);

  Caller(asio::io_context& io, Options options)
      : io_(io), options_(std::make_shared<const Options>(std::move(options))) {}
  ~Caller() { calls_.CancelAndWait(); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  // The stub may go as soon as this returns. The peer is told `scope`, for whom the call is made.
  // Error: the peer's own, or `away`.
  template <typename Async, typename Request, typename Response>
  Call<Response> Start(std::type_identity_t<Async>& async, Method<Async, Request, Response> method,
                       Request request, const CallScope& scope = {}) {
    using Sent = Rpc<Request, Response>;
    auto rpc = std::make_shared<Sent>(std::move(request),
                                      std::make_shared<typename Call<Response>::State>(io_));
    Call<Response> call(rpc->state);
    rpc->context.set_deadline(std::chrono::system_clock::now() + ToChrono(options_->deadline));
    PutScope(scope, rpc->context);
    calls_.Add(rpc->context);
    (async.*method)(&rpc->context, &rpc->request, &rpc->response,
                    [this, rpc](const grpc::Status& status) mutable {
                      grpc::ClientContext& context = rpc->context;  // from here on a name only
                      // The last reference goes to our thread: the timer inside belongs there.
                      asio::post(io_, [rpc = std::move(rpc), status, options = options_] {
                        rpc->Finish(status, *options);
                      });
                      calls_.Remove(context);
                    });
    return call;
  }

  // One that failed before it was sent.
  template <typename Response>
  Call<Response> Refuse(Error error) {
    auto state = std::make_shared<typename Call<Response>::State>(io_);
    state->result = std::unexpected(std::move(error));
    return Call<Response>(std::move(state));
  }

 private:
  // Everything that gRPC needs until it calls back. Shared: std::function must be copyable.
  template <typename Request, typename Response>
  struct Rpc {
    using State = typename Call<Response>::State;
    Rpc(Request given, std::shared_ptr<State> answer)
        : request(std::move(given)), state(std::move(answer)) {}

    void Finish(const grpc::Status& status, const Options& options) {
      if (status.ok()) return state->Finish(std::move(response));
      state->is_refused = IsConnectionRefused(status);
      Error error = ToError(status, options.who, options.away);
      if (options.amend) options.amend(error);
      state->Finish(std::unexpected(std::move(error)));
    }

    grpc::ClientContext context;
    Request request;
    Response response;
    std::shared_ptr<State> state;
  };

  asio::io_context& io_;
  // Shared with answers that are still to be handed over.
  std::shared_ptr<const Options> options_;
  CallRegistry calls_;
};

}  // namespace confab::rpc
