#pragma once

#include <memory>
#include <vector>

#include "backends/discovery/discovery.h"

namespace confab::discovery {

// What is known of one service, and who follows it: the half of Follow that every discovery shares.
// One thread, that of the io_context. May be destroyed while calls to followers are under way: they
// do not come any more.
class Feed {
 public:
  explicit Feed(asio::io_context& io);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // The follower is called by way of the io_context, so never from within this.
  std::unique_ptr<Discovery::Following> Add(Discovery::OnChange on_change);
  // Sorts by id; tells the followers unless it is what they know. Changes that come faster than the
  // followers are called are told as one.
  void Publish(std::vector<Instance> instances);

 private:
  struct State;
  // Shared with the calls that are under way only, which hold it weakly.
  std::shared_ptr<State> state_;
};

}  // namespace confab::discovery
