#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace confab::bus {

// How a region's rooms are called in Redis. Everything of one room has the same hash tag
// ({REGION:ROOM}), so a cluster keeps it together. Channels name the database, because Redis tells
// them across databases. A value.
class RedisKeys {
 public:
  RedisKeys(std::string region, int database)
      : region_(std::move(region)), prefix_("confab." + std::to_string(database) + ":") {}

  // `part`: meta, fields, log, origins.
  std::string Room(std::string_view room, std::string_view part) const;
  // Keys of all rooms' meta, as a glob.
  std::string AllRooms() const { return "confab:{" + region_ + ":*}:meta"; }
  // The room of such a key.
  std::optional<std::string> RoomOfKey(std::string_view key) const;
  // `part`: generation, instances.
  std::string Region(std::string_view part) const;

  std::string NewsChannel(std::string_view room) const;
  std::string AllNewsChannels() const { return prefix_ + "{" + region_ + ":*}:log"; }
  std::optional<std::string> RoomOfChannel(std::string_view channel) const;
  std::string InstancesChannel() const { return prefix_ + "{" + region_ + "}:instances"; }
  // A channel of the bus, and back.
  std::string Channel(std::string_view channel) const;
  std::optional<std::string> ChannelOf(std::string_view text) const;

 private:
  std::string region_;
  std::string prefix_;
};

}  // namespace confab::bus
