#include "backends/bus/redis/redis_keys.h"

namespace confab::bus {
namespace {

std::optional<std::string> Between(std::string_view text, std::string_view begin,
                                   std::string_view end) {
  if (text.size() < begin.size() + end.size()) return {};
  if (!text.starts_with(begin) || !text.ends_with(end)) return {};
  return std::string(text.substr(begin.size(), text.size() - begin.size() - end.size()));
}

}  // namespace

std::string RedisKeys::Room(std::string_view room, std::string_view part) const {
  return "confab:{" + region_ + ":" + std::string(room) + "}:" + std::string(part);
}

std::optional<std::string> RedisKeys::RoomOfKey(std::string_view key) const {
  return Between(key, "confab:{" + region_ + ":", "}:meta");
}

std::string RedisKeys::Region(std::string_view part) const {
  return "confab:{" + region_ + "}:" + std::string(part);
}

std::string RedisKeys::NewsChannel(std::string_view room) const {
  return prefix_ + "{" + region_ + ":" + std::string(room) + "}:log";
}

std::optional<std::string> RedisKeys::RoomOfChannel(std::string_view channel) const {
  return Between(channel, prefix_ + "{" + region_ + ":", "}:log");
}

std::string RedisKeys::Channel(std::string_view channel) const {
  return prefix_ + "{" + region_ + "}:" + std::string(channel);
}

std::optional<std::string> RedisKeys::ChannelOf(std::string_view text) const {
  return Between(text, prefix_ + "{" + region_ + "}:", "");
}

}  // namespace confab::bus
