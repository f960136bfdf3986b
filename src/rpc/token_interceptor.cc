#include "rpc/token_interceptor.h"

#include <utility>

namespace confab::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;

class TokenInterceptor final : public grpc::experimental::Interceptor {
 public:
  explicit TokenInterceptor(const TokenSource& tokens) : tokens_(tokens) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      if (std::string token = tokens_(); !token.empty()) {
        methods->GetSendInitialMetadata()->emplace("authorization", "Bearer " + std::move(token));
      }
    }
    methods->Proceed();
  }

 private:
  const TokenSource& tokens_;  // of the factory, which the channel keeps
};

class TokenInterceptorFactory final : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit TokenInterceptorFactory(TokenSource tokens) : tokens_(std::move(tokens)) {}

  grpc::experimental::Interceptor* CreateClientInterceptor(
      grpc::experimental::ClientRpcInfo*) override {
    return std::make_unique<TokenInterceptor>(tokens_).release();  // gRPC's from here on
  }

 private:
  TokenSource tokens_;
};

}  // namespace

std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
TokenInterceptors(TokenSource tokens) {
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> factories;
  factories.push_back(std::make_unique<TokenInterceptorFactory>(std::move(tokens)));
  return factories;
}

}  // namespace confab::rpc
