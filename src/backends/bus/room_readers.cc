#include "backends/bus/room_readers.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace confab::bus {

// Shared by the follower's handle, the table, and the coroutine that reads.
struct RoomReaders::Reader {
  std::string room;
  Cursor cursor;
  Bus::Follower follower;
  bool has_news = false;
  bool is_reading = false;
  bool is_ended = false;
};

class RoomReaders::Handle final : public Bus::Following {
 public:
  Handle(std::weak_ptr<RoomReaders> readers, std::shared_ptr<Reader> reader)
      : readers_(std::move(readers)), reader_(std::move(reader)) {}
  ~Handle() override {
    reader_->is_ended = true;
    if (const auto readers = readers_.lock()) readers->Remove(reader_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

 private:
  std::weak_ptr<RoomReaders> readers_;
  std::shared_ptr<Reader> reader_;
};

std::unique_ptr<Bus::Following> RoomReaders::Follow(const std::string& room, Position position,
                                                    Bus::Follower follower) {
  auto reader = std::make_shared<Reader>(
      Reader{.room = room, .cursor = Cursor(std::move(position)), .follower = std::move(follower)});
  auto& readers = rooms_[room];
  const bool is_first = readers.empty();
  readers.push_back(reader);
  if (context_->is_stopped) {
    reader->is_ended = true;
  } else if (is_first) {
    context_->ledger->Subscribe(room);  // has news as soon as that is sure
  } else {
    Wake(reader);
  }
  return std::make_unique<Handle>(weak_from_this(), std::move(reader));
}

void RoomReaders::Remove(const std::shared_ptr<Reader>& reader) {
  const auto found = rooms_.find(reader->room);
  if (found == rooms_.end()) return;
  std::erase(found->second, reader);
  if (!found->second.empty()) return;
  rooms_.erase(found);
  if (!context_->is_stopped) context_->ledger->Unsubscribe(reader->room);
}

void RoomReaders::Wake(const std::string& room) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return;
  for (const auto& reader : found->second) Wake(reader);
}

void RoomReaders::WakeAll() {
  for (const auto& [room, readers] : rooms_) {
    for (const auto& reader : readers) Wake(reader);
  }
}

void RoomReaders::Wake(const std::shared_ptr<Reader>& reader) {
  reader->has_news = true;
  if (reader->is_reading || reader->is_ended) return;
  reader->is_reading = true;
  asio::co_spawn(context_->io, Read(shared_from_this(), reader), asio::detached);
}

asio::awaitable<void> RoomReaders::Read(std::shared_ptr<RoomReaders> self,
                                        std::shared_ptr<Reader> reader) {
  const auto context = self->context_;
  int failures = 0;
  while (reader->has_news && !reader->is_ended && !context->is_stopped) {
    reader->has_news = false;
    const Position& from = reader->cursor.position();
    const auto read = co_await context->ledger->Read(reader->room, from.life, from.sequence);
    if (reader->is_ended || context->is_stopped) break;
    if (!read) {
      reader->has_news = true;
      context->Failed(read.error());
      co_await WaitAfterFailure(context, failures++);
      continue;
    }
    failures = 0;
    if (self->Tell(*reader, *read) && reader->cursor.is_behind(*read)) reader->has_news = true;
  }
  reader->is_reading = false;
}

bool RoomReaders::Tell(Reader& reader, const LogRead& read) {
  const auto told = reader.cursor.Take(read);
  if (!told) {
    reader.is_ended = true;
    ++context_->counts.resets;
    reader.follower.on_reset(told.error());
    return false;
  }
  for (const LogEntry* entry : *told) {
    reader.follower.on_entry(*entry);
    if (reader.is_ended || context_->is_stopped) return false;
  }
  return true;
}

std::vector<RoomReaders::Ghost> RoomReaders::FindGhosts(Presence& presence, Timestamp now) const {
  std::vector<Ghost> ghosts;
  for (const auto& [room, readers] : rooms_) {
    std::set<InstanceName> found;  // of several readers one suffices
    for (const auto& reader : readers) {
      const Position& position = reader->cursor.position();
      for (const InstanceName& owner : position.owners) {
        if (owner == context_->self || !presence.IsGone(owner, now)) continue;
        if (found.insert(owner).second) {
          ghosts.push_back({.room = room, .owner = owner, .floor = position.sequence});
        }
      }
    }
  }
  return ghosts;
}

void RoomReaders::ForgetGhost(const Ghost& ghost) {
  const auto found = rooms_.find(ghost.room);
  if (found == rooms_.end()) return;
  for (const auto& reader : found->second) reader->cursor.ForgetOwner(ghost.owner);
}

}  // namespace confab::bus
