#include "rpc/call_meter.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace confab::rpc {
namespace {

using grpc::experimental::ClientRpcInfo;
using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;
using Clock = std::chrono::steady_clock;

// One call from its beginning to its status. gRPC owns it.
class MeterInterceptor final : public grpc::experimental::Interceptor {
 public:
  MeterInterceptor(std::shared_ptr<CallMeter> meter, std::string name, CallMeter::Kind kind,
                   InterceptionHookPoints end)
      : meter_(std::move(meter)), name_(std::move(name)), kind_(kind), end_(end) {}
  // A call that its client has given up may end without a status.
  ~MeterInterceptor() override { Count(grpc::StatusCode::CANCELLED); }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(end_)) {
      if (end_ == InterceptionHookPoints::PRE_SEND_STATUS) {
        Count(methods->GetSendStatus().error_code());
      } else if (const grpc::Status* status = methods->GetRecvStatus()) {
        Count(status->error_code());
      }
    }
    methods->Proceed();
  }

 private:
  void Count(grpc::StatusCode code) {
    if (std::exchange(is_counted_, true)) return;
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun_);
    meter_->Count(name_, code, kind_, TimeDelta::Micros(took.count()));
  }

  const Clock::time_point begun_ = Clock::now();
  // Shared with the channel or server, which may go before its last call does.
  std::shared_ptr<CallMeter> meter_;
  std::string name_;
  CallMeter::Kind kind_;
  InterceptionHookPoints end_;
  bool is_counted_ = false;
};

class ClientFactory final : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit ClientFactory(std::shared_ptr<CallMeter> meter) : meter_(std::move(meter)) {}

  grpc::experimental::Interceptor* CreateClientInterceptor(ClientRpcInfo* info) override {
    const bool is_unary = info->type() == ClientRpcInfo::Type::UNARY;
    return std::make_unique<MeterInterceptor>(
               meter_, CallMeter::NameOf(info->method()),
               is_unary ? CallMeter::Kind::kUnary : CallMeter::Kind::kStream,
               InterceptionHookPoints::POST_RECV_STATUS)
        .release();  // gRPC's from here on
  }

 private:
  std::shared_ptr<CallMeter> meter_;
};

class ServerFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit ServerFactory(std::shared_ptr<CallMeter> meter) : meter_(std::move(meter)) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    const bool is_unary = info->type() == ServerRpcInfo::Type::UNARY;
    return std::make_unique<MeterInterceptor>(
               meter_, CallMeter::NameOf(info->method()),
               is_unary ? CallMeter::Kind::kUnary : CallMeter::Kind::kStream,
               InterceptionHookPoints::PRE_SEND_STATUS)
        .release();
  }

 private:
  std::shared_ptr<CallMeter> meter_;
};

}  // namespace

std::string CallMeter::NameOf(std::string_view method) {
  if (!method.starts_with('/')) return std::string(kOther);
  std::string name(method.substr(1));
  std::string dotted = name;
  std::ranges::replace(dotted, '/', '.');
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  return pool->FindMethodByName(dotted) == nullptr ? std::string(kOther) : name;
}

void CallMeter::Count(const std::string& name, grpc::StatusCode code, Kind kind, TimeDelta took) {
  const std::lock_guard lock(mutex_);
  Calls& calls = calls_[name];
  const auto index = static_cast<size_t>(code);
  ++calls.by_code[index < kCodes ? index : static_cast<size_t>(grpc::StatusCode::UNKNOWN)];
  if (kind == Kind::kUnary) calls.times.Observe(took);
}

std::map<std::string, CallMeter::Calls> CallMeter::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

std::string_view NameOfCode(size_t code) {
  constexpr std::array<std::string_view, CallMeter::kCodes> kNames{"OK",
                                                                   "CANCELLED",
                                                                   "UNKNOWN",
                                                                   "INVALID_ARGUMENT",
                                                                   "DEADLINE_EXCEEDED",
                                                                   "NOT_FOUND",
                                                                   "ALREADY_EXISTS",
                                                                   "PERMISSION_DENIED",
                                                                   "RESOURCE_EXHAUSTED",
                                                                   "FAILED_PRECONDITION",
                                                                   "ABORTED",
                                                                   "OUT_OF_RANGE",
                                                                   "UNIMPLEMENTED",
                                                                   "INTERNAL",
                                                                   "UNAVAILABLE",
                                                                   "DATA_LOSS",
                                                                   "UNAUTHENTICATED"};
  return code < kNames.size() ? kNames[code] : "UNKNOWN";
}

void AddMeter(
    std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>& factories,
    std::shared_ptr<CallMeter> meter) {
  if (meter != nullptr) factories.push_back(std::make_unique<ClientFactory>(std::move(meter)));
}

std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>
ServerMeterInterceptors(std::shared_ptr<CallMeter> meter) {
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> factories;
  if (meter != nullptr) factories.push_back(std::make_unique<ServerFactory>(std::move(meter)));
  return factories;
}

}  // namespace confab::rpc
