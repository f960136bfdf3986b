#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

struct redisReader;
struct redisReadTask;
struct redisReplyObjectFunctions;

namespace confab::bus {

// One reply of Redis (RESP2). A value.
struct Reply {
  enum class Kind : uint8_t { kNothing, kStatus, kText, kError, kNumber, kList };

  Kind kind = Kind::kNothing;
  std::string text;  // of a status, a text, an error
  int64_t number = 0;
  std::vector<Reply> items;

  bool is_error() const { return kind == Kind::kError; }
  // The item's text, or "" where there is none, or it is no text.
  std::string_view TextAt(size_t index) const;
};

// Takes bytes from Redis apart. One thread.
class ReplyReader {
 public:
  // One reply may take; a Redis that sends more is none of ours.
  static constexpr size_t kMaxReplyOctets = 96 * 1024 * 1024;
  // So many items in all lists of a reply: a list says how many before they come, and memory for
  // them is taken at once.
  static constexpr size_t kMaxReplyItems = 1024 * 1024;

  ReplyReader();
  ~ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  // kUnavailable: this is no Redis, or too much; nothing can be read any more.
  Result<void> Feed(std::string_view bytes);
  // The next whole reply; nothing: more bytes are needed.
  Result<std::optional<Reply>> Next();

 private:
  struct Free {
    void operator()(redisReader* reader) const;
  };
  using ListMaker = void* (*)(const redisReadTask* task, int items);
  static void* MakeList(const redisReadTask* task, int items);

  std::unique_ptr<redisReplyObjectFunctions> functions_;  // hiredis' own, but for MakeList
  ListMaker make_list_ = nullptr;                         // hiredis' own
  std::unique_ptr<redisReader, Free> reader_;
  size_t items_ = 0;          // of the reply that is being read
  size_t unread_octets_ = 0;  // at most: since the last whole reply
};

// A command as Redis reads it: an array of bulk strings.
std::string FormatCommand(const std::vector<std::string>& words);

// A decimal number without sign; 0 where it is none.
uint64_t ParseNumber(std::string_view text);

}  // namespace confab::bus
