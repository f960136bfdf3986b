// Calls of the control API that concern plain transports.

#include "services/media/control_api.h"

namespace confab::media {
namespace {

grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext* context, const Error& error) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToStatus(error));
  return reactor;
}

const Error kNotYet{ErrorCode::kForbidden, "plain transports are not offered yet"};

}  // namespace

grpc::ServerUnaryReactor* ControlApi::CreatePlainTransport(grpc::CallbackServerContext* context,
                                                           const pb::CreatePlainTransportRequest*,
                                                           pb::CreatePlainTransportResponse*) {
  return Refuse(context, kNotYet);
}

grpc::ServerUnaryReactor* ControlApi::ConnectPlainTransport(grpc::CallbackServerContext* context,
                                                            const pb::ConnectPlainTransportRequest*,
                                                            pb::ConnectPlainTransportResponse*) {
  return Refuse(context, kNotYet);
}

}  // namespace confab::media
