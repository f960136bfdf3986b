#pragma once

#include "backends/store/store.h"
#include "services/signaling/chat/messages.h"

namespace confab::signaling {

// In the store, for all instances and their restarts. The store must outlive it and its calls.
class StoredMessages final : public Messages {
 public:
  // How often a call is repeated of which nobody knows whether it was done.
  static constexpr int kTries = 5;

  explicit StoredMessages(store::Store& store) : store_(store) {}

  asio::awaitable<Result<store::MessageRow>> Add(store::NewMessage message) override;
  asio::awaitable<Result<std::vector<store::MessageRow>>> History(Page page) override;

 private:
  store::Store& store_;
};

}  // namespace confab::signaling
