#pragma once

#include "confab/media/v1/media.grpc.pb.h"
#include "rpc/call_gate.h"
#include "services/media/control_api.h"
#include "services/media/event_hub.h"

namespace confab::media {

// The gRPC interface as it is registered: lets a call through to the ControlApi if its token is
// good. A method that is forgotten here is UNIMPLEMENTED, not open. Thread-safe.
class ControlDoor final : public pb::Media::CallbackService {
 public:
  // Both must outlive the server that this is registered with.
  ControlDoor(ControlApi& api, EventHub& events, rpc::TokenCheck check)
      : api_(api), events_(events), gate_(std::move(check)) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;
  template <typename Request, typename Response>
  using Method = Reactor* (ControlApi::*)(Context*, const Request*, Response*);

  template <typename Request, typename Response>
  Reactor* Pass(Context* context, const Request* request, Response* response,
                Method<Request, Response> method) {
    const grpc::Status admitted = gate_.Admit(*context);
    if (admitted.ok()) return (api_.*method)(context, request, response);
    Reactor* reactor = context->DefaultReactor();
    reactor->Finish(admitted);
    return reactor;
  }

  Reactor* GetRouterCapabilities(Context* context, const pb::GetRouterCapabilitiesRequest* request,
                                 pb::RtpCapabilities* response) override {
    return Pass(context, request, response, &ControlApi::GetRouterCapabilities);
  }
  Reactor* CreateTransport(Context* context, const pb::CreateTransportRequest* request,
                           pb::CreateTransportResponse* response) override {
    return Pass(context, request, response, &ControlApi::CreateTransport);
  }
  Reactor* ConnectTransport(Context* context, const pb::ConnectTransportRequest* request,
                            pb::ConnectTransportResponse* response) override {
    return Pass(context, request, response, &ControlApi::ConnectTransport);
  }
  Reactor* RestartIce(Context* context, const pb::RestartIceRequest* request,
                      pb::IceParameters* response) override {
    return Pass(context, request, response, &ControlApi::RestartIce);
  }
  Reactor* CreatePlainTransport(Context* context, const pb::CreatePlainTransportRequest* request,
                                pb::CreatePlainTransportResponse* response) override {
    return Pass(context, request, response, &ControlApi::CreatePlainTransport);
  }
  Reactor* ConnectPlainTransport(Context* context, const pb::ConnectPlainTransportRequest* request,
                                 pb::ConnectPlainTransportResponse* response) override {
    return Pass(context, request, response, &ControlApi::ConnectPlainTransport);
  }
  Reactor* Produce(Context* context, const pb::ProduceRequest* request,
                   pb::ProduceResponse* response) override {
    return Pass(context, request, response, &ControlApi::Produce);
  }
  Reactor* Consume(Context* context, const pb::ConsumeRequest* request,
                   pb::ConsumeResponse* response) override {
    return Pass(context, request, response, &ControlApi::Consume);
  }
  Reactor* Pause(Context* context, const pb::MediaIds* request,
                 pb::MediaIdsResponse* response) override {
    return Pass(context, request, response, &ControlApi::Pause);
  }
  Reactor* Resume(Context* context, const pb::MediaIds* request,
                  pb::MediaIdsResponse* response) override {
    return Pass(context, request, response, &ControlApi::Resume);
  }
  Reactor* RequestKeyFrame(Context* context, const pb::MediaIds* request,
                           pb::MediaIdsResponse* response) override {
    return Pass(context, request, response, &ControlApi::RequestKeyFrame);
  }
  Reactor* Close(Context* context, const pb::CloseRequest* request,
                 pb::MediaIdsResponse* response) override {
    return Pass(context, request, response, &ControlApi::Close);
  }
  Reactor* Lease(Context* context, const pb::LeaseRequest* request,
                 pb::LeaseResponse* response) override {
    return Pass(context, request, response, &ControlApi::Lease);
  }
  Reactor* Drain(Context* context, const pb::DrainRequest* request,
                 pb::DrainState* response) override {
    return Pass(context, request, response, &ControlApi::Drain);
  }
  Reactor* Undrain(Context* context, const pb::UndrainRequest* request,
                   pb::DrainState* response) override {
    return Pass(context, request, response, &ControlApi::Undrain);
  }
  Reactor* Stats(Context* context, const pb::StatsRequest* request,
                 pb::StatsResponse* response) override {
    return Pass(context, request, response, &ControlApi::Stats);
  }
  grpc::ServerWriteReactor<pb::Event>* Events(Context* context,
                                              const pb::EventsRequest* request) override {
    const grpc::Status admitted = gate_.Admit(*context);
    return admitted.ok() ? api_.Events(context, request) : events_.Refuse(admitted);
  }

  ControlApi& api_;
  EventHub& events_;
  rpc::CallGate gate_;
};

}  // namespace confab::media
