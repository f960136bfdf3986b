#include "rpc/operations.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/test/default_reactor_test_peer.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <future>
#include <thread>

#include "net/asio.h"
#include "rpc/channel.h"

namespace confab::bench {
namespace {

namespace pb = media::pb;

pb::CreateTransportRequest Creating(const std::string& id) {
  pb::CreateTransportRequest request;
  request.set_router_id("bench");
  request.set_transport_id(id);
  return request;
}
pb::CloseRequest Closing(const std::string& id) {
  pb::CloseRequest request;
  request.set_router_id("bench");
  request.add_transport_ids(id);
  return request;
}

class Direct final : public Operation {
 public:
  explicit Direct(media::ControlApi& api) : api_(api) {}
  std::string name() const override { return "direct"; }
  bool Create(const std::string& id) override {
    pb::CreateTransportResponse created;
    return Call(&media::ControlApi::CreateTransport, Creating(id), created);
  }
  bool Close(const std::string& id) override {
    pb::MediaIdsResponse closed;
    return Call(&media::ControlApi::Close, Closing(id), closed);
  }

 private:
  template <typename Method, typename Request, typename Response>
  bool Call(Method method, const Request& request, Response& response) {
    std::promise<bool> ok;
    grpc::CallbackServerContext context;
    grpc::testing::DefaultReactorTestPeer reactor(
        &context, [&ok](grpc::Status status) { ok.set_value(status.ok()); });
    (api_.*method)(&context, &request, &response);
    const bool is_good = ok.get_future().get();
    // The reactor touches the context once more after it has told.
    while (!reactor.test_status_set()) std::this_thread::yield();
    return is_good;
  }

  media::ControlApi& api_;
};

class Grpc final : public Operation {
 public:
  explicit Grpc(uint16_t port)
      : stub_(pb::Media::NewStub(*rpc::Connect("127.0.0.1", port, rpc::Credentials::Plain(),
                                               rpc::FixedToken("bench")))) {}
  std::string name() const override { return "gRPC"; }
  bool Create(const std::string& id) override {
    grpc::ClientContext creating;
    pb::CreateTransportResponse created;
    return stub_->CreateTransport(&creating, Creating(id), &created).ok();
  }
  bool Close(const std::string& id) override {
    grpc::ClientContext closing;
    pb::MediaIdsResponse closed;
    return stub_->Close(&closing, Closing(id), &closed).ok();
  }

 private:
  std::unique_ptr<pb::Media::Stub> stub_;
};

class Http final : public Operation {
 public:
  explicit Http(uint16_t port) : socket_(io_) {
    socket_.connect({asio::ip::make_address_v4("127.0.0.1"), port});
    socket_.set_option(asio::ip::tcp::no_delay(true));
  }
  std::string name() const override { return "HTTP+JSON"; }
  bool Create(const std::string& id) override {
    pb::CreateTransportResponse created;
    return Post("/transports", Creating(id), created);
  }
  bool Close(const std::string& id) override {
    pb::MediaIdsResponse closed;
    return Post("/close", Closing(id), closed);
  }

 private:
  template <typename Request, typename Response>
  bool Post(const char* path, const Request& request, Response& response) {
    std::string body;
    (void)google::protobuf::util::MessageToJsonString(request, &body);
    const std::string sent = fmt::format(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer bench\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        path, body.size(), body);
    asio::write(socket_, asio::buffer(sent));
    const size_t head = asio::read_until(socket_, asio::dynamic_buffer(received_), "\r\n\r\n");
    const size_t length = LengthIn(received_.substr(0, head));
    while (received_.size() < head + length) {
      asio::read(socket_, asio::dynamic_buffer(received_),
                 asio::transfer_exactly(head + length - received_.size()));
    }
    const bool is_good = received_.starts_with("HTTP/1.1 200");
    const std::string json = received_.substr(head, length);
    received_.erase(0, head + length);
    return is_good && google::protobuf::util::JsonStringToMessage(json, &response).ok();
  }
  static size_t LengthIn(const std::string& head) {
    constexpr std::string_view kField = "Content-Length: ";
    const size_t at = head.find(kField);
    size_t length = 0;
    if (at != head.npos) {
      const char* const begin = head.data() + at + kField.size();
      std::from_chars(begin, head.data() + head.size(), length);
    }
    return length;
  }

  asio::io_context io_;
  asio::ip::tcp::socket socket_;
  std::string received_;
};

}  // namespace

std::unique_ptr<Operation> DirectOperation(media::ControlApi& api) {
  return std::make_unique<Direct>(api);
}
std::unique_ptr<Operation> GrpcOperation(uint16_t port) {
  return std::make_unique<Grpc>(port);
}
std::unique_ptr<Operation> HttpOperation(uint16_t port) {
  return std::make_unique<Http>(port);
}

}  // namespace confab::bench
