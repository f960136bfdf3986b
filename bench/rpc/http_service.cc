#include "rpc/http_service.h"

#include <google/protobuf/util/json_util.h>
#include <grpcpp/test/default_reactor_test_peer.h>

#include <boost/asio/post.hpp>
#include <optional>

#include "net/event.h"

namespace confab::bench {
namespace {

namespace pb = media::pb;

// Everything of one call until the worker has answered.
template <typename Request, typename Response>
struct Call {
  explicit Call(const asio::any_io_executor& executor) : done(executor) {}

  Request request;
  Response response;
  net::Event done;
  std::optional<grpc::Status> status;
  grpc::CallbackServerContext context;
  std::optional<grpc::testing::DefaultReactorTestPeer> reactor;
};

}  // namespace

HttpService::HttpService(media::ControlApi& api) : api_(api), server_(io_, router_, {}) {
  Add<pb::CreateTransportRequest, pb::CreateTransportResponse>("/transports",
                                                               &media::ControlApi::CreateTransport);
  Add<pb::CloseRequest, pb::MediaIdsResponse>("/close", &media::ControlApi::Close);
  port_ = server_.Listen({})->port();
  thread_ = std::thread([this] { io_.run(); });
}

HttpService::~HttpService() {
  io_.stop();
  thread_.join();
}

template <typename Request, typename Response>
void HttpService::Add(const char* path,
                      grpc::ServerUnaryReactor* (media::ControlApi::*method)(
                          grpc::CallbackServerContext*, const Request*, Response*)) {
  router_.Add("POST", path,
              [this, method](net::HttpRequest& http) -> asio::awaitable<net::HttpResponse> {
                if (http.headers.Value("Authorization") != "Bearer bench") {
                  co_return net::TextResponse(401, "");
                }
                auto call = std::make_unique<Call<Request, Response>>(io_.get_executor());
                if (!google::protobuf::util::JsonStringToMessage(http.body, &call->request).ok()) {
                  co_return net::TextResponse(400, "");
                }
                call->reactor.emplace(&call->context, [this, c = call.get()](grpc::Status status) {
                  asio::post(io_, [c, status = std::move(status)] {
                    c->status = status;
                    c->done.Set();
                  });
                });
                (api_.*method)(&call->context, &call->request, &call->response);
                co_await call->done.Wait();
                // The reactor touches the context once more after it has told.
                while (!call->reactor->test_status_set()) std::this_thread::yield();
                if (!call->status->ok()) co_return net::TextResponse(409, "");
                std::string json;
                (void)google::protobuf::util::MessageToJsonString(call->response, &json);
                co_return net::JsonResponse(200, std::move(json));
              });
}

}  // namespace confab::bench
