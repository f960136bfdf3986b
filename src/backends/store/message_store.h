#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backends/store/database.h"

namespace confab::store {

// Whom a message is shown as from and to: how it was when it was sent. Not looked at.
struct MessagePeople {
  std::string from;     // a participant
  std::string name;     // its name
  std::string to;       // a participant; "": everybody
  std::string to_name;  // its name

  bool operator==(const MessagePeople&) const = default;
};

struct NewMessage {
  std::string room;
  std::string sender;     // an identity or a participant with a word before it: kMaxActorBytes
  std::string client_id;  // the sender's own; unique for room and sender
  std::string recipient;  // "": everybody in the room
  std::string body;       // 1 to kMaxMessageBytes
  int64_t sent_at_us = 0;
  MessagePeople people;
};

struct MessageRow {
  // Its place in the room: 1, 2, 3, … without gaps, in the order in which they were stored.
  int64_t seq = 0;
  std::string sender;
  std::string client_id;
  std::string recipient;
  std::string body;
  int64_t sent_at_us = 0;
  MessagePeople people;

  bool operator==(const MessageRow&) const = default;
};

// What was written in rooms. Lives on the database's thread; the database must outlive it and its
// calls. Every call may be repeated after kPerhapsDone.
class MessageStore {
 public:
  explicit MessageStore(Database& database) : database_(database) {}

  // Stores it once: where there is one of this room, sender and client id already, that one comes
  // back with its own seq, whatever else is in the new one.
  asio::awaitable<StoreResult<MessageRow>> Add(NewMessage message);

  // What `viewer` may read in the room before `before_seq`, newest first: messages to everybody,
  // those to the viewer and the viewer's own. At most kMaxPageRows.
  struct HistoryPage {
    std::string room;
    std::string viewer;
    int64_t before_seq = INT64_MAX;
    int64_t max_rows = 0;
  };
  asio::awaitable<StoreResult<std::vector<MessageRow>>> History(HistoryPage page);

 private:
  Database& database_;
};

}  // namespace confab::store
