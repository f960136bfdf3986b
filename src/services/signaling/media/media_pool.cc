#include "services/signaling/media/media_pool.h"

#include <grpcpp/channel.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/rendezvous.h"

namespace confab::signaling {

// One media service, and what the pool thinks of it.
class MediaPool::Member final : public MediaListener, public std::enable_shared_from_this<Member> {
 public:
  Member(MediaPool& pool, discovery::Instance self, std::shared_ptr<grpc::Channel> channel)
      : instance(std::move(self)),
        client(pool.io_, std::move(channel), *this, pool.options_.client),
        pool_(pool),
        timer_(pool.io_) {}

  void StartPatience(TimeDelta patience) {
    timer_.expires_after(ToChrono(patience));
    timer_.async_wait([weak = weak_from_this()](const error_code& error) {
      const auto self = weak.lock();
      if (self && !error && !self->client.is_up()) self->pool_.Expire(*self);
    });
  }
  void StopPatience() { timer_.cancel(); }
  // Ends the lingering of one that was given up.
  void StartLinger(TimeDelta linger) {
    timer_.expires_after(ToChrono(linger));
    timer_.async_wait([weak = weak_from_this()](const error_code& error) {
      const auto self = weak.lock();
      if (!self || error) return;
      self->may_go = true;
      self->pool_.SweepSoon();
    });
  }
  bool is_usable() const { return client.is_up() && !is_overdue; }

  discovery::Instance instance;
  MediaClient client;
  bool is_listed = true;
  bool was_up = false;      // rooms may be there
  bool is_overdue = false;  // to be given up
  bool is_gone = false;     // was given up: the listener knows
  bool may_go = false;      // and nobody has to know whether it has ended
  std::vector<std::string> abandoned;

 private:
  void OnMediaUp(Instance which) override { pool_.HandleUp(*this, which); }
  void OnMediaDown() override { pool_.HandleDown(*this); }
  void OnMediaRefused() override { pool_.HandleRefused(*this); }
  void OnMediaEvent(const media::v1::Event& event) override {
    pool_.listener_.OnMediaEvent(instance.id, event);
  }

  MediaPool& pool_;
  asio::steady_timer timer_;
};

namespace {

// Never started, so nobody listens.
class NoListener final : public MediaListener {
  void OnMediaUp(Instance) override {}
  void OnMediaDown() override {}
  void OnMediaEvent(const media::v1::Event&) override {}
};
NoListener no_listener;

void CloseRouter(MediaClient& client, std::string router_id) {
  media::v1::CloseRequest request;
  request.set_router_id(std::move(router_id));
  request.set_router(true);
  client.Close(std::move(request));
}

}  // namespace

MediaPool::MediaPool(asio::io_context& io, MediaConnect connect, MediaPoolListener& listener,
                     Options options)
    : io_(io),
      connect_(std::move(connect)),
      listener_(listener),
      options_(options),
      nowhere_(std::make_unique<MediaClient>(io, nullptr, no_listener, options.client)),
      self_(std::make_shared<MediaPool*>(this)) {}

MediaPool::~MediaPool() = default;

void MediaPool::SetInstances(std::vector<discovery::Instance> instances) {
  std::ranges::sort(instances, {}, &discovery::Instance::id);
  if (instances.size() > kMaxInstances) instances.resize(kMaxInstances);
  for (const auto& member : members_) member->is_listed = false;
  for (const discovery::Instance& instance : instances) {
    const auto* known = Find(instance.id);
    if (known != nullptr && (*known)->instance == instance) {
      (*known)->is_listed = true;
      continue;
    }
    // Elsewhere under the same id: another process. Rooms hear of it when it is up.
    const bool has_rooms = known != nullptr && (*known)->was_up;
    if (known != nullptr) std::erase(members_, std::shared_ptr(*known));
    Add(instance).was_up = has_rooms;
  }
  // Rooms can only be where someone was up.
  std::erase_if(members_, [](const std::shared_ptr<Member>& member) {
    return !member->is_listed && !member->was_up;
  });
  for (const auto& member : members_) {
    if (!member->is_listed && !member->client.is_up()) member->is_overdue = true;
  }
  Reconsider();
}

MediaPool::Member& MediaPool::Add(const discovery::Instance& instance) {
  Member& member =
      *members_.emplace_back(std::make_shared<Member>(*this, instance, connect_(instance)));
  member.StartPatience(options_.patience);
  member.client.Start();
  return member;
}

const std::shared_ptr<MediaPool::Member>* MediaPool::Find(std::string_view id) const {
  const auto found = std::ranges::find(
      members_, id, [](const auto& member) -> std::string_view { return member->instance.id; });
  return found == members_.end() ? nullptr : &*found;
}

void MediaPool::HandleUp(Member& member, MediaListener::Instance instance) {
  member.StopPatience();
  member.was_up = true;
  member.is_gone = false;
  member.may_go = false;
  // Another process where one was that is not listed any more: it is listed under a new id.
  member.is_overdue = !member.is_listed && instance == MediaListener::Instance::kNew;
  for (std::string& router_id : std::exchange(member.abandoned, {})) {
    if (instance == MediaListener::Instance::kSame) {
      CloseRouter(member.client, std::move(router_id));
    }
  }
  listener_.OnMediaUp(member.instance.id, instance);
  Reconsider();
}

void MediaPool::HandleDown(Member& member) {
  listener_.OnMediaDown(member.instance.id);
  if (member.is_listed) return member.StartPatience(options_.patience);
  Expire(member);
}

void MediaPool::HandleRefused(Member& member) {
  member.may_go = true;
  listener_.OnMediaRefused(member.instance.id);
  SweepSoon();
}

void MediaPool::Expire(Member& member) {
  member.is_overdue = true;
  Reconsider();
}

bool MediaPool::HasAnother(const Member& than) const {
  return std::ranges::any_of(members_, [&](const std::shared_ptr<Member>& member) {
    return member.get() != &than && member->is_usable();
  });
}

void MediaPool::Reconsider() {
  bool has_unlisted = false;
  for (const auto& member : std::vector(members_)) {
    if (!member->is_overdue || member->is_gone || !HasAnother(*member)) continue;
    member->is_gone = true;
    listener_.OnMediaGone(member->instance.id);
    if (member->is_listed) continue;
    if (options_.linger > TimeDelta() && !member->may_go) {
      member->StartLinger(options_.linger);
    } else {
      member->may_go = true;
      has_unlisted = true;
    }
  }
  if (has_unlisted) SweepSoon();
}

// Not at once: one of them may be the caller.
void MediaPool::SweepSoon() {
  asio::post(io_, [weak = std::weak_ptr(self_)] {
    if (const auto self = weak.lock()) (*self)->Sweep();
  });
}

void MediaPool::Sweep() {
  std::erase_if(members_, [](const std::shared_ptr<Member>& member) {
    return member->is_gone && !member->is_listed && member->may_go;
  });
}

std::string MediaPool::Choose(std::string_view room_name) const {
  const Member* best = nullptr;
  const auto rank = [&](const Member& member) {
    return std::pair(member.is_listed, RendezvousWeight(room_name, member.instance.id));
  };
  for (const auto& member : members_) {
    if (!member->client.is_up()) continue;
    if (best == nullptr || rank(*member) > rank(*best)) best = member.get();
  }
  return best == nullptr ? std::string() : best->instance.id;
}

MediaClient& MediaPool::Of(std::string_view id) {
  const auto* member = Find(id);
  return member == nullptr ? *nowhere_ : (*member)->client;
}

bool MediaPool::is_up() const {
  return std::ranges::any_of(members_, [](const auto& member) { return member->client.is_up(); });
}

void MediaPool::Abandon(std::string_view id, std::string router_id) {
  const auto* member = Find(id);
  if (member == nullptr || (*member)->abandoned.size() >= kMaxAbandoned) return;
  (*member)->abandoned.push_back(std::move(router_id));
}

std::vector<MediaPool::InstanceStatus> MediaPool::status() const {
  std::vector<InstanceStatus> status;
  for (const auto& member : members_) {
    status.push_back({.id = member->instance.id,
                      .region = member->instance.region,
                      .is_up = member->client.is_up(),
                      .is_listed = member->is_listed});
  }
  std::ranges::sort(status, {}, &InstanceStatus::id);
  return status;
}

}  // namespace confab::signaling
