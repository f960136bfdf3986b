#include "rpc/call_gate.h"

#include "rpc/status.h"

namespace confab::rpc {
namespace {

constexpr std::string_view kScheme = "Bearer ";

Result<std::string_view> TokenOf(const grpc::CallbackServerContext& context) {
  const auto [first, last] = context.client_metadata().equal_range("authorization");
  if (first == last) {
    return Fail(ErrorCode::kUnauthorized,
                "this call needs a service token in the metadata \"authorization\"");
  }
  const std::string_view value(first->second.data(), first->second.size());
  if (std::next(first) != last || !value.starts_with(kScheme)) {
    return Fail(ErrorCode::kUnauthorized,
                "the metadata \"authorization\" must be one \"Bearer TOKEN\"");
  }
  return value.substr(kScheme.size());
}

}  // namespace

grpc::Status CallGate::Admit(const grpc::CallbackServerContext& context) const {
  const Result<std::string_view> token = TokenOf(context);
  if (!token) return ToStatus(token.error());
  if (!check_) return ToStatus({ErrorCode::kUnauthorized, "this service takes no tokens"});
  const Result<void> checked = check_(*token);
  return checked ? grpc::Status::OK : ToStatus(checked.error());
}

}  // namespace confab::rpc
