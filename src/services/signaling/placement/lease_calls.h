#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/asio.h"
#include "services/signaling/media/media_pool.h"
#include "services/signaling/placement/lease_answer.h"
#include "services/signaling/placement/lease_keeper.h"

namespace confab::signaling {

// Makes the calls of a LeaseKeeper to the media services, many leases in one, and gives it the
// answers. One thread; the pool and the keeper outlive it, and it may end while calls are under
// way.
class LeaseCalls {
 public:
  // Leases in one call: as many as media takes.
  static constexpr size_t kMaxItems = 1000;

  struct Counters {
    uint64_t no_place = 0;  // takes refused by media that is full or drains
  };
  using Spawn = std::function<void(asio::awaitable<void>)>;
  using OnSight = std::function<void(const std::string& room, const Home& home, LeaseSight sight)>;

  // `on_answer`: the keeper has been told something, and may want more.
  LeaseCalls(MediaPool& pool, LeaseKeeper& keeper, Spawn spawn, OnSight on_sight,
             std::function<void()> on_answer);
  LeaseCalls(const LeaseCalls&) = delete;
  LeaseCalls& operator=(const LeaseCalls&) = delete;

  // A LeaseMedia; made with the next Start.
  void Add(PlacementCall call);
  // Asks whether this lease is alive, with the next Start. What is not answered is not told.
  void Look(std::string room, Home home);
  void Start();

  const Counters& counters() const { return counters_; }

 private:
  // Of a look the ticket is 0, which no call of the keeper has.
  struct Item {
    std::string room;
    uint64_t ticket = 0;
    Home home;
    media::v1::LeaseRequest::Kind kind = media::v1::LeaseRequest::RENEW;
    std::string process;
  };
  using Alive = std::weak_ptr<int>;

  void Send(const std::string& media_instance, std::vector<Item> items);
  asio::awaitable<void> Await(std::vector<Item> items, MediaCall<media::v1::LeaseResponse> call,
                              Alive alive);
  void HandleAnswer(const Item& item, const media::v1::LeaseResponse::Result& result);
  void Tell(const Item& item, LeaseAnswer answer);

  MediaPool& pool_;
  LeaseKeeper& keeper_;
  const Spawn spawn_;
  const OnSight on_sight_;
  const std::function<void()> on_answer_;
  std::map<std::string, std::vector<Item>> waiting_;  // by media instance
  Counters counters_;
  // What coroutines hold weakly.
  std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace confab::signaling
