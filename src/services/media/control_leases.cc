// Calls of the control API that concern leases and the drain.

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <utility>

#include "net/clock.h"
#include "rpc/status.h"
#include "services/media/control_api.h"

namespace confab::media {
namespace {

// One call that all workers, or some of them, answer. Lives on the completion thread once they have
// been asked.
template <typename Response>
struct Round {
  grpc::ServerUnaryReactor* reactor;
  Response* response;
  size_t missing;

  void Answered() {
    if (--missing == 0) reactor->Finish(grpc::Status::OK);
  }
};

struct LeaseAnswer {
  int index = 0;  // of the item
  pb::LeaseRequest::Kind kind = pb::LeaseRequest::RENEW;
  Result<void> result;
  int64_t known_epoch = 0;
  int64_t held_epoch = 0;
};

// Of a call whose caller does not wait any more nothing is carried out: they count on that.
bool IsLate(const grpc::CallbackServerContext& context) {
  return context.IsCancelled() || std::chrono::system_clock::now() >= context.deadline();
}

Result<void> Carry(RouterGate& gate, Timestamp now, sfu::Worker& worker,
                   const pb::LeaseRequest::Item& item, const std::string& own_id) {
  switch (item.kind()) {
    case pb::LeaseRequest::TAKE:
      if (!item.instance_id().empty() && item.instance_id() != own_id) {
        return Fail(ErrorCode::kNotFound, "the process that was to take the lease has ended");
      }
      return gate.TakeLease(now, worker, item.router_id(), item.epoch());
    case pb::LeaseRequest::RENEW:
      return gate.RenewLease(now, worker, item.router_id(), item.epoch());
    case pb::LeaseRequest::LOOK: return {};
    default: return Fail(ErrorCode::kInvalidMessage, "kind must be RENEW, TAKE or LOOK");
  }
}

void Fill(const LeaseAnswer& answer, TimeDelta lease, pb::LeaseResponse& response) {
  pb::LeaseResponse::Result& result = *response.mutable_results(answer.index);
  result.set_known_epoch(answer.known_epoch);
  result.set_held_epoch(answer.held_epoch);
  if (answer.result && answer.kind == pb::LeaseRequest::LOOK) {
    result.set_valid_ms(0);
  } else if (answer.result) {
    result.set_valid_ms(static_cast<uint32_t>(lease.ms()));
  } else {
    const Error& error = answer.result.error();
    result.set_error(fmt::format("{}: {}", ToString(error.code), error.message));
  }
}

std::vector<LeaseAnswer> Refusals(const std::vector<int>& items, const Error& error) {
  std::vector<LeaseAnswer> answers;
  for (const int index : items)
    answers.push_back({.index = index, .result = std::unexpected(error)});
  return answers;
}

bool IsRouterId(const std::string& id) {
  return !id.empty() && id.size() <= ControlApi::kMaxIdLength;
}

}  // namespace

grpc::ServerUnaryReactor* ControlApi::Lease(grpc::CallbackServerContext* context,
                                            const pb::LeaseRequest* request,
                                            pb::LeaseResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (request->items_size() > kMaxLeaseItems) {
    reactor->Finish(rpc::ToStatus(
        {ErrorCode::kLimitExceeded, fmt::format("items must be {} at most", kMaxLeaseItems)}));
    return reactor;
  }
  const TimeDelta lease = gates_.front()->leases().lease();
  std::vector<std::vector<int>> shares(workers_.size());
  for (int i = 0; i < request->items_size(); ++i) {
    const std::string& id = request->items(i).router_id();
    response->add_results()->set_router_id(id);
    if (IsRouterId(id)) {
      shares[IndexOf(id)].push_back(i);
    } else {
      Fill({.index = i,
            .result = Fail(ErrorCode::kInvalidMessage, "router_id must have 1 to 64 characters")},
           lease, *response);
    }
  }
  // Shared by the workers' answers. All are asked, so that it ends where no item is left, too.
  const auto round = std::make_shared<Round<pb::LeaseResponse>>(reactor, response, workers_.size());
  const auto answer = [this, round, lease](std::vector<LeaseAnswer> answers) {
    completions_->Post([round, lease, answers = std::move(answers)] {
      for (const LeaseAnswer& each : answers) Fill(each, lease, *round->response);
      round->Answered();
    });
  };
  for (size_t w = 0; w < workers_.size(); ++w) {
    const bool posted = workers_[w]->Post([this, context, request, answer, gate = gates_[w].get(),
                                           items = shares[w]](sfu::Worker& worker, Timestamp now) {
      if (IsLate(*context)) {
        return answer(Refusals(items, {ErrorCode::kRateLimited, "the call came too late"}));
      }
      std::vector<LeaseAnswer> answers;
      for (const int index : items) {
        const pb::LeaseRequest::Item& item = request->items(index);
        auto result = Carry(*gate, now, worker, item, events_->instance_id());
        answers.push_back({.index = index,
                           .kind = item.kind(),
                           .result = std::move(result),
                           .known_epoch = gate->leases().KnownEpoch(item.router_id()),
                           .held_epoch = gate->leases().HeldEpoch(now, item.router_id())});
      }
      answer(std::move(answers));
    });
    if (!posted) {
      answer(Refusals(shares[w],
                      {ErrorCode::kRateLimited, "the media worker is too busy: try again"}));
    }
  }
  return reactor;
}

grpc::ServerUnaryReactor* ControlApi::Drain(grpc::CallbackServerContext* context,
                                            const pb::DrainRequest* request,
                                            pb::DrainState* response) {
  const TimeDelta left = TimeDelta::Millis(request->deadline_ms());
  drain_->Start(request->deadline_ms() == 0 ? Timestamp::Never() : net::MonotonicNow() + left);
  return TellDrain(context, response);
}

grpc::ServerUnaryReactor* ControlApi::Undrain(grpc::CallbackServerContext* context,
                                              const pb::UndrainRequest*, pb::DrainState* response) {
  drain_->Stop();
  return TellDrain(context, response);
}

grpc::ServerUnaryReactor* ControlApi::TellDrain(grpc::CallbackServerContext* context,
                                                pb::DrainState* response) {
  response->set_is_draining(drain_->is_on());
  response->set_left_ms(static_cast<uint32_t>(drain_->Left(net::MonotonicNow()).ms()));
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto round = std::make_shared<Round<pb::DrainState>>(reactor, response, workers_.size());
  for (WorkerThread* thread : workers_) {
    const auto answer = [this, round](size_t routers) {
      completions_->Post([round, routers] {
        const auto sum = round->response->routers_left() + static_cast<uint32_t>(routers);
        round->response->set_routers_left(sum);
        round->Answered();
      });
    };
    const bool posted =
        thread->Post([answer](sfu::Worker& worker, Timestamp) { answer(worker.routers().size()); });
    if (!posted) answer(0);  // too busy: the others' numbers are worth having
  }
  return reactor;
}

}  // namespace confab::media
