// Calls of the control API that concern producers and consumers.

#include <fmt/format.h>

#include <algorithm>

#include "services/media/control_api.h"

#include "rpc/call_scope_metadata.h"
#include "services/media/control_refuse.h"
#include "services/media/convert/rtp_from_proto.h"
#include "services/media/convert/rtp_to_proto.h"
#include "sfu/parameters/producer_type.h"

namespace confab::media {
namespace {

constexpr size_t kMaxCnameLength = 255;

Result<void> CheckId(std::string_view field, const std::string& id) {
  if (!id.empty() && id.size() <= ControlApi::kMaxIdLength) return {};
  return Fail(ErrorCode::kInvalidMessage, fmt::format("{} must have 1 to 64 characters", field));
}

Result<sfu::ProducerOptions> Parse(const pb::ProduceRequest& request) {
  if (auto id = CheckId("producer_id", request.producer_id()); !id) {
    return std::unexpected(id.error());
  }
  const auto kind = ParseMediaKind(request.kind());
  if (!kind) return Fail(ErrorCode::kInvalidMessage, "kind must be audio or video");
  if (request.cname().empty() || request.cname().size() > kMaxCnameLength) {
    return Fail(ErrorCode::kInvalidMessage, "cname must have 1 to 255 characters");
  }
  auto parameters = FromProto(request.rtp_parameters());
  if (!parameters) return std::unexpected(parameters.error());
  return sfu::ProducerOptions{.id = request.producer_id(),
                              .kind = *kind,
                              .parameters = std::move(*parameters),
                              .cname = request.cname(),
                              .paused = request.paused()};
}

// A consumer as the response needs it, copied on the worker.
struct ConsumeOutcome {
  std::string consumer_id;
  std::string producer_id;
  std::optional<Error> error;
  rtc::MediaKind kind = rtc::MediaKind::kAudio;
  sfu::ProducerType type = sfu::ProducerType::kSimple;
  sfu::RtpParameters parameters;
  bool producer_paused = false;
};

ConsumeOutcome ConsumeOne(sfu::Worker& worker, Timestamp now, const pb::ConsumeRequest& request,
                          const pb::ConsumeItem& item, const sfu::RtpCapabilities* capabilities) {
  ConsumeOutcome outcome{.consumer_id = item.consumer_id(), .producer_id = item.producer_id()};
  const auto refuse = [&outcome](const Error& error) {
    outcome.error = error;
    return outcome;
  };
  if (auto id = CheckId("consumer_id", item.consumer_id()); !id) return refuse(id.error());
  const auto router = worker.FindRouter(request.router_id());
  if (!router) return refuse(router.error());
  const auto consumer = (*router)->Consume(now, request.transport_id(),
                                           {.consumer_id = item.consumer_id(),
                                            .producer_id = item.producer_id(),
                                            .paused = item.paused()},
                                           capabilities);
  if (!consumer) return refuse(consumer.error());
  const sfu::Producer& producer = (*consumer)->producer();
  outcome.kind = producer.kind();
  outcome.type = producer.type();
  outcome.parameters = (*consumer)->parameters();
  outcome.producer_paused = producer.paused();
  return outcome;
}

void Fill(const ConsumeOutcome& outcome, pb::ConsumeResult& result) {
  result.set_consumer_id(outcome.consumer_id);
  result.set_producer_id(outcome.producer_id);
  if (outcome.error) {
    result.set_error(fmt::format("{}: {}", ToString(outcome.error->code), outcome.error->message));
    return;
  }
  result.set_kind(outcome.kind == rtc::MediaKind::kAudio ? "audio" : "video");
  // Clients see one stream until layers are chosen for each receiver.
  result.set_type(std::string(ToString(outcome.type)));
  *result.mutable_rtp_parameters() = ToProto(outcome.parameters);
  result.set_producer_paused(outcome.producer_paused);
}

// Calls `producer_fn` and `consumer_fn` for what is named and tells which ids are unknown.
template <typename ProducerFn, typename ConsumerFn>
std::vector<std::string> ForEachNamed(sfu::Router& router, const pb::MediaIds& ids,
                                      ProducerFn producer_fn, ConsumerFn consumer_fn) {
  std::vector<std::string> unknown;
  for (const std::string& id : ids.producer_ids()) {
    if (const auto producer = router.FindProducer(id)) {
      producer_fn(**producer);
    } else {
      unknown.push_back(id);
    }
  }
  for (const std::string& id : ids.consumer_ids()) {
    if (const auto consumer = router.FindConsumer(id)) {
      consumer_fn(**consumer);
    } else {
      unknown.push_back(id);
    }
  }
  return unknown;
}

void RequestKeyframe(sfu::Worker& worker, Timestamp now, sfu::Producer& producer) {
  producer.transport().RequestKeyframe(now, producer);
  worker.Touch(producer.transport());
}

}  // namespace

grpc::ServerUnaryReactor* ControlApi::Produce(grpc::CallbackServerContext* context,
                                              const pb::ProduceRequest* request,
                                              pb::ProduceResponse* response) {
  auto options = Parse(*request);
  if (!options) return Refuse(context, options.error());
  return Run(context, Target::Of(*request, "Produce"),
             [this, context, request, response, options = std::move(*options)](
                 sfu::Worker& worker, Timestamp now) mutable -> Finish {
               Result<sfu::ProducerType> result;
               if (const auto router = worker.FindRouter(request->router_id()); !router) {
                 result = std::unexpected(router.error());
               } else if (const auto producer =
                              (*router)->Produce(now, request->transport_id(), std::move(options));
                          !producer) {
                 result = std::unexpected(producer.error());
               } else {
                 result = (*producer)->type();
                 worker.Touch((*producer)->transport());
               }
               return [this, context, request, result = std::move(result),
                       response]() -> Result<void> {
                 if (!result) return std::unexpected(result.error());
                 log_.ProducerAdded(rpc::ScopeOf(*context), request->producer_id(), request->kind(),
                                    ToString(*result));
                 response->set_type(std::string(ToString(*result)));
                 return {};
               };
             });
}

grpc::ServerUnaryReactor* ControlApi::Consume(grpc::CallbackServerContext* context,
                                              const pb::ConsumeRequest* request,
                                              pb::ConsumeResponse* response) {
  std::optional<sfu::RtpCapabilities> capabilities;
  if (request->has_rtp_capabilities()) {
    auto parsed = FromProto(request->rtp_capabilities());
    if (!parsed) return Refuse(context, parsed.error());
    capabilities = std::move(*parsed);
  }
  if (request->items_size() > kMaxConsumeItems) {
    return Refuse(context, {ErrorCode::kLimitExceeded,
                            fmt::format("items must be {} at most", kMaxConsumeItems)});
  }
  return Run(context, Target::Of(*request, "Consume"),
             [this, context, request, response, capabilities = std::move(capabilities)](
                 sfu::Worker& worker, Timestamp now) -> Finish {
               std::vector<ConsumeOutcome> outcomes;
               for (const pb::ConsumeItem& item : request->items()) {
                 outcomes.push_back(ConsumeOne(worker, now, *request, item,
                                               capabilities ? &*capabilities : nullptr));
               }
               return [this, context, outcomes = std::move(outcomes), response]() -> Result<void> {
                 const auto refused = static_cast<size_t>(std::ranges::count_if(
                     outcomes, [](const ConsumeOutcome& each) { return each.error.has_value(); }));
                 log_.Consumed(rpc::ScopeOf(*context), outcomes.size() - refused, refused);
                 for (const ConsumeOutcome& outcome : outcomes) {
                   Fill(outcome, *response->add_results());
                 }
                 return {};
               };
             });
}

// What Pause, Resume and RequestKeyFrame share: find the router, apply, report unknown ids.
template <typename Apply>
auto NamedCommand(const pb::MediaIds* request, pb::MediaIdsResponse* response, Apply apply) {
  return [request, response, apply](sfu::Worker& worker,
                                    Timestamp now) -> std::move_only_function<Result<void>()> {
    const auto router = worker.FindRouter(request->router_id());
    if (!router) {
      return [error = router.error()] { return Result<void>(std::unexpected(error)); };
    }
    return [unknown = apply(worker, **router, now), response]() -> Result<void> {
      for (const std::string& id : unknown) response->add_unknown_ids(id);
      return {};
    };
  };
}

grpc::ServerUnaryReactor* ControlApi::Pause(grpc::CallbackServerContext* context,
                                            const pb::MediaIds* request,
                                            pb::MediaIdsResponse* response) {
  return Run(
      context, Target::Of(*request, "Pause"),
      NamedCommand(request, response, [request](sfu::Worker&, sfu::Router& router, Timestamp now) {
        return ForEachNamed(
            router, *request, [&](sfu::Producer& producer) { router.PauseProducer(producer); },
            [&](sfu::Consumer& c) { router.PauseConsumer(now, c); });
      }));
}

grpc::ServerUnaryReactor* ControlApi::Resume(grpc::CallbackServerContext* context,
                                             const pb::MediaIds* request,
                                             pb::MediaIdsResponse* response) {
  return Run(context, Target::Of(*request, "Resume"),
             NamedCommand(request, response,
                          [request](sfu::Worker& worker, sfu::Router& router, Timestamp now) {
                            return ForEachNamed(
                                router, *request,
                                [&](sfu::Producer& producer) {
                                  router.ResumeProducer(now, producer);
                                  worker.Touch(producer.transport());
                                },
                                [&](sfu::Consumer& consumer) {
                                  router.ResumeConsumer(now, consumer);
                                  worker.Touch(consumer.producer().transport());
                                });
                          }));
}

grpc::ServerUnaryReactor* ControlApi::RequestKeyFrame(grpc::CallbackServerContext* context,
                                                      const pb::MediaIds* request,
                                                      pb::MediaIdsResponse* response) {
  return Run(
      context, Target::Of(*request, "RequestKeyFrame"),
      NamedCommand(
          request, response, [request](sfu::Worker& worker, sfu::Router& router, Timestamp now) {
            return ForEachNamed(
                router, *request, [&](sfu::Producer& p) { RequestKeyframe(worker, now, p); },
                [&](sfu::Consumer& c) { RequestKeyframe(worker, now, c.producer()); });
          }));
}

}  // namespace confab::media
