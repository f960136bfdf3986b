#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "backends/discovery/discovery.h"
#include "base/units.h"
#include "net/asio.h"
#include "services/signaling/media/media_client.h"

namespace confab::signaling {

// A channel to a media service. nullptr where there must be none; the reason is its maker's to
// tell.
using MediaConnect = std::function<std::shared_ptr<grpc::Channel>(const discovery::Instance&)>;

// Hears of the media services, each by its id, on the io_context's thread.
class MediaPoolListener {
 public:
  virtual ~MediaPoolListener() = default;

  // Calls to it are possible. kNew: whatever was known of its routers is gone.
  virtual void OnMediaUp(const std::string& id, MediaListener::Instance instance) = 0;
  // It does not come back, and another one is up: its rooms have to go there.
  virtual void OnMediaGone(const std::string& id) = 0;
  // Its event stream broke: what it does nobody knows.
  virtual void OnMediaDown(const std::string&) {}
  // It refused a connection: its process has ended. Told with every attempt.
  virtual void OnMediaRefused(const std::string&) {}
  virtual void OnMediaEvent(const std::string& id, const media::v1::Event& event) = 0;
};

// The media services that signaling works with, a MediaClient each. They come and go with
// SetInstances. One that is not listed any more stays in use while its event stream is open; one
// whose stream has been away for `patience` is given up as soon as another is up, and not before:
// media may well flow while only the way to it is broken. Lives on the io_context's thread; the
// io_context and the listener must outlive it.
class MediaPool final {
 public:
  // Beyond: those whose ids sort last are left out.
  static constexpr size_t kMaxInstances = 256;
  // Routers to be closed on an instance that was given up, should it come back. Beyond: they end by
  // themselves when their transports do.
  static constexpr size_t kMaxAbandoned = 10'000;

  struct Options {
    MediaClient::Options client;
    TimeDelta patience = TimeDelta::Seconds(1);
    // How long one that was given up and is not listed any more is asked on whether it has ended;
    // until it refuses a connection.
    TimeDelta linger;
  };
  struct InstanceStatus {
    std::string id;
    std::string region;
    bool is_up = false;
    bool is_listed = false;
  };

  MediaPool(asio::io_context& io, MediaConnect connect, MediaPoolListener& listener,
            Options options);
  // Ends every call; blocks for the moment that this takes.
  ~MediaPool();
  MediaPool(const MediaPool&) = delete;
  MediaPool& operator=(const MediaPool&) = delete;

  // All that there are now. Never to be called from within the listener.
  void SetInstances(std::vector<discovery::Instance> instances);

  // The media service for a room that has none: of those that are up, and listed if any is, the one
  // that wants the room most. "" where none is up.
  std::string Choose(std::string_view room_name) const;
  // The client of this instance. Where there is no such instance, one that refuses every call with
  // kMediaUnavailable. Valid until SetInstances or the io_context's next turn.
  MediaClient& Of(std::string_view id);
  // Whether any is.
  bool is_up() const;
  // The router was left behind by a room that went elsewhere.
  void Abandon(std::string_view id, std::string router_id);
  std::vector<InstanceStatus> status() const;  // sorted by id

 private:
  class Member;

  void HandleUp(Member& member, MediaListener::Instance instance);
  void HandleDown(Member& member);
  void HandleRefused(Member& member);
  void Expire(Member& member);
  // Gives up what has to be, now that something has changed.
  void Reconsider();
  void Sweep();
  void SweepSoon();
  Member& Add(const discovery::Instance& instance);
  bool HasAnother(const Member& than) const;
  const std::shared_ptr<Member>* Find(std::string_view id) const;

  asio::io_context& io_;
  MediaConnect connect_;
  MediaPoolListener& listener_;
  Options options_;
  // Shared with the timers' handlers, which hold it weakly.
  std::vector<std::shared_ptr<Member>> members_;
  std::unique_ptr<MediaClient> nowhere_;
  // What a posted handler holds weakly.
  std::shared_ptr<MediaPool*> self_;
};

}  // namespace confab::signaling
