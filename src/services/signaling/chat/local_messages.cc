#include "services/signaling/chat/local_messages.h"

#include <algorithm>

namespace confab::signaling {

LocalMessages::Room& LocalMessages::Open(const std::string& name) {
  if (!rooms_.contains(name) && rooms_.size() >= kMaxRooms) {
    rooms_.erase(
        std::ranges::min_element(rooms_, {}, [](const auto& room) { return room.second.used; }));
  }
  Room& room = rooms_[name];
  room.used = ++uses_;
  return room;
}

asio::awaitable<Result<store::MessageRow>> LocalMessages::Add(store::NewMessage message) {
  Room& room = Open(message.room);
  const auto known = std::ranges::find_if(room.rows, [&](const store::MessageRow& row) {
    return row.sender == message.sender && row.client_id == message.client_id;
  });
  if (known != room.rows.end()) co_return *known;
  if (room.rows.size() >= kMaxMessagesPerRoom) room.rows.pop_front();
  store::MessageRow row{.seq = ++room.last_seq,
                        .sender = std::move(message.sender),
                        .client_id = std::move(message.client_id),
                        .recipient = std::move(message.recipient),
                        .body = std::move(message.body),
                        .sent_at_us = message.sent_at_us,
                        .people = std::move(message.people)};
  room.rows.push_back(row);
  co_return row;
}

asio::awaitable<Result<std::vector<store::MessageRow>>> LocalMessages::History(Page page) {
  std::vector<store::MessageRow> rows;
  const auto room = rooms_.find(page.room);
  if (room == rooms_.end()) co_return rows;
  const auto may_read = [&](const store::MessageRow& row) {
    return row.recipient.empty() || row.recipient == page.viewer || row.sender == page.viewer;
  };
  for (auto row = room->second.rows.rbegin(); row != room->second.rows.rend(); ++row) {
    if (rows.size() >= static_cast<size_t>(std::max<int64_t>(page.max_rows, 1))) break;
    if (row->seq < page.before_seq && may_read(*row)) rows.push_back(*row);
  }
  co_return rows;
}

}  // namespace confab::signaling
