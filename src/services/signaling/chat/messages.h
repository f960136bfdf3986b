#pragma once

#include <vector>

#include "backends/store/message_store.h"
#include "base/error.h"
#include "net/asio.h"

namespace confab::signaling {

// Where messages of the chat are kept. Lives on the io_context's thread.
class Messages {
 public:
  using Page = store::MessageStore::HistoryPage;

  virtual ~Messages() = default;
  // Keeps it once, as store::MessageStore::Add. Error: kUnavailable; it may come to be kept all the
  // same.
  virtual asio::awaitable<Result<store::MessageRow>> Add(store::NewMessage message) = 0;
  // Newest first, as store::MessageStore::History. Error: kUnavailable.
  virtual asio::awaitable<Result<std::vector<store::MessageRow>>> History(Page page) = 0;
};

}  // namespace confab::signaling
