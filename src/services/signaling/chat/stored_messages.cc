#include "services/signaling/chat/stored_messages.h"

namespace confab::signaling {

asio::awaitable<Result<store::MessageRow>> StoredMessages::Add(store::NewMessage message) {
  for (int i = 0; i < kTries; ++i) {
    store::NewMessage copy = message;
    auto added = co_await store_.messages().Add(std::move(copy));
    if (added) co_return std::move(*added);
    if (added.error().fault != store::StoreFault::kPerhapsDone) break;
  }
  co_return Fail(ErrorCode::kUnavailable,
                 "messages cannot be kept at the moment; try again in a moment");
}

asio::awaitable<Result<std::vector<store::MessageRow>>> StoredMessages::History(Page page) {
  auto rows = co_await store_.messages().History(std::move(page));
  if (rows) co_return std::move(*rows);
  co_return Fail(ErrorCode::kUnavailable,
                 "earlier messages cannot be read at the moment; try again in a moment");
}

}  // namespace confab::signaling
