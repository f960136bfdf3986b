#include "backends/bus/redis/reply.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace confab::bus {
namespace {

Reply ToReply(const redisReply& from) {
  Reply reply;
  switch (from.type) {
    case REDIS_REPLY_STATUS: reply.kind = Reply::Kind::kStatus; break;
    case REDIS_REPLY_ERROR: reply.kind = Reply::Kind::kError; break;
    case REDIS_REPLY_STRING: reply.kind = Reply::Kind::kText; break;
    case REDIS_REPLY_INTEGER: reply.kind = Reply::Kind::kNumber; break;
    case REDIS_REPLY_ARRAY: reply.kind = Reply::Kind::kList; break;
    default: return reply;
  }
  if (from.str != nullptr) reply.text.assign(from.str, static_cast<size_t>(from.len));
  reply.number = from.integer;
  // hiredis lets lists be seven deep at most, so this recursion is too.
  for (size_t i = 0; i < from.elements; ++i) reply.items.push_back(ToReply(*from.element[i]));
  return reply;
}

std::unexpected<Error> NotRedis(const char* what) {
  return Fail(ErrorCode::kUnavailable,
              std::string("what answers is no Redis, or sends too much: ") + what);
}

}  // namespace

std::string_view Reply::TextAt(size_t index) const {
  if (index >= items.size()) return {};
  const Reply& item = items[index];
  return item.kind == Kind::kText || item.kind == Kind::kStatus ? std::string_view(item.text)
                                                                : std::string_view();
}

ReplyReader::ReplyReader()
    : functions_(std::make_unique<redisReplyObjectFunctions>()), reader_(redisReaderCreate()) {
  if (!reader_) return;
  *functions_ = *reader_->fn;
  make_list_ = std::exchange(functions_->createArray, &ReplyReader::MakeList);
  reader_->fn = functions_.get();
  reader_->privdata = this;
}
ReplyReader::~ReplyReader() = default;

void* ReplyReader::MakeList(const redisReadTask* task, int items) {
  auto& self = *static_cast<ReplyReader*>(task->privdata);
  const auto more = static_cast<size_t>(std::max(items, 0));
  if (more > kMaxReplyItems - self.items_) return nullptr;  // an error to hiredis
  self.items_ += more;
  return self.make_list_(task, items);
}

void ReplyReader::Free::operator()(redisReader* reader) const {
  redisReaderFree(reader);
}

Result<void> ReplyReader::Feed(std::string_view bytes) {
  unread_octets_ += bytes.size();
  if (unread_octets_ > kMaxReplyOctets) return NotRedis("a reply of more than 96 MiB");
  if (!reader_ || redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK) {
    return NotRedis("it cannot be kept");
  }
  return {};
}

Result<std::optional<Reply>> ReplyReader::Next() {
  void* raw = nullptr;
  if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK) return NotRedis(reader_->errstr);
  if (raw == nullptr) return std::optional<Reply>();
  const std::unique_ptr<void, void (*)(void*)> owned(raw, freeReplyObject);
  unread_octets_ = reader_->len - reader_->pos;
  items_ = 0;
  return std::optional(ToReply(*static_cast<redisReply*>(raw)));
}

std::string FormatCommand(const std::vector<std::string>& words) {
  std::string text = "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string& word : words) {
    text += "$" + std::to_string(word.size()) + "\r\n";
    text += word;
    text += "\r\n";
  }
  return text;
}

uint64_t ParseNumber(std::string_view text) {
  uint64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  return ec == std::errc() && end == text.data() + text.size() ? number : 0;
}

}  // namespace confab::bus
