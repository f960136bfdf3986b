#include "backends/bus/make_bus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "backends/bus/memory/memory_hub.h"
#include "backends/bus/testing/loop.h"

namespace confab::bus {
namespace {

using testing::HasSubstr;

BusOptions Redis() {
  return {.backend = BusBackend::kRedis, .instance_id = "signaling-1", .region = "eu"};
}

TEST(MakeBus, MakesOneInMemory) {
  asio::io_context io;
  BusOptions options{.instance_id = "signaling-1"};
  const auto bus = MakeBus(io, options);
  ASSERT_TRUE(bus);
  EXPECT_EQ((*bus)->self().id(), "signaling-1");
  EXPECT_TRUE(Await(io, (*bus)->Change("room", {.event = "e"}, Patience::kUntilDeadline)));
}

TEST(MakeBus, LetsBusesShareAHub) {
  asio::io_context io;
  const auto hub = std::make_shared<MemoryHub>(Times());
  const auto one = MakeMemoryBus(io, hub, {.instance_id = "one"});
  const auto other = MakeMemoryBus(io, hub, {.instance_id = "other"});
  ASSERT_TRUE(one && other);
  ASSERT_TRUE(Await(io, (*one)->Change("room", {.event = "e"}, Patience::kUntilDeadline)));
  EXPECT_GT(Await(io, (*other)->Snapshot("room"))->position.sequence, 0u);
}

TEST(MakeBus, DoesNotMindThatRedisIsAway) {
  asio::io_context io;
  BusOptions options = Redis();
  options.redis_url = "redis://127.0.0.1:1/0";
  const auto bus = MakeBus(io, options);
  ASSERT_TRUE(bus);
  ASSERT_TRUE(RunUntil(
      io, [&] { return (*bus)->status().reason.find("cannot be reached") != std::string::npos; }));
  EXPECT_FALSE((*bus)->status().is_up);
}

TEST(MakeBus, RefusesWhatIsWrongAndNamesIt) {
  asio::io_context io;
  BusOptions options = Redis();
  options.instance_id = "a b";
  EXPECT_THAT(MakeBus(io, options).error().message, HasSubstr("a b"));
  options = Redis();
  options.region = "EU";
  EXPECT_THAT(MakeBus(io, options).error().message, HasSubstr("EU"));
  options = Redis();
  options.redis_url = "http://h";
  EXPECT_EQ(MakeBus(io, options).error().code, ErrorCode::kInvalidConfiguration);
  options = Redis();
  options.redis_password_file = "/nowhere/password";
  EXPECT_THAT(MakeBus(io, options).error().message, HasSubstr("/nowhere/password"));
}

TEST(MakeBus, ReadsThePasswordFromAFile) {
  asio::io_context io;
  std::string folder = (std::filesystem::temp_directory_path() / "confab-bus-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/password";
  std::ofstream(path) << "secret\n";
  BusOptions options = Redis();
  options.redis_password_file = path;
  EXPECT_TRUE(MakeBus(io, options));
  std::ofstream(path, std::ios::trunc) << "\n";
  EXPECT_FALSE(MakeBus(io, options)) << "an empty one";
  std::filesystem::remove_all(folder);
}

TEST(MakeRelay, JoinsTwoRegionsOnly) {
  asio::io_context io;
  BusOptions other = Redis();
  EXPECT_FALSE(MakeRelay(io, Redis(), other));
  other.region = "us";
  EXPECT_TRUE(MakeRelay(io, Redis(), other));
}

}  // namespace
}  // namespace confab::bus
