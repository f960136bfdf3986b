#include "sfu/path_table.h"

#include <gtest/gtest.h>

namespace confab::sfu {
namespace {

rtc::Path MakePath(uint32_t n) {
  const auto a = static_cast<uint8_t>(n >> 16);
  const auto b = static_cast<uint8_t>(n >> 8);
  const auto c = static_cast<uint8_t>(n);
  return {rtc::LocalSocket(n % 3), SocketAddress::Ipv4({10, a, b, c}, 5000)};
}

// The table never looks into a transport; distinct addresses serve.
Transport& TransportNumber(uintptr_t n) {
  return *reinterpret_cast<Transport*>(n * 64);
}

TEST(PathTable, FindsEveryPathAfterItHasGrown) {
  PathTable table;
  for (uint32_t i = 0; i < 5000; ++i) table.Set(MakePath(i), TransportNumber(i + 1));
  for (uint32_t i = 0; i < 5000; ++i) EXPECT_EQ(table.Find(MakePath(i)), &TransportNumber(i + 1));
  EXPECT_EQ(table.Find(MakePath(5000)), nullptr);
  EXPECT_EQ(table.size(), 5000u);
}

TEST(PathTable, ForgetsATransportAndKeepsTheOthers) {
  PathTable table;
  for (uint32_t i = 0; i < 100; ++i) table.Set(MakePath(i), TransportNumber(i % 2 + 1));
  table.RemoveAll(TransportNumber(1));
  for (uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(table.Find(MakePath(i)), i % 2 == 0 ? nullptr : &TransportNumber(2));
  }
}

TEST(PathTable, ForgetsOnePathAndStillFindsThoseThatWerePushedAsideByIt) {
  PathTable table;
  constexpr uint32_t kPaths = 500;  // half full: many lie in runs
  for (uint32_t i = 0; i < kPaths; ++i) table.Set(MakePath(i), TransportNumber(i + 1));
  for (uint32_t gone = 0; gone < kPaths; ++gone) {
    table.Remove(MakePath(gone));
    table.Remove(MakePath(gone));
    ASSERT_EQ(table.size(), kPaths - gone - 1);
    for (uint32_t i = 0; i < kPaths; ++i) {
      ASSERT_EQ(table.Find(MakePath(i)), i <= gone ? nullptr : &TransportNumber(i + 1)) << gone;
    }
  }
}

TEST(PathTable, GivesAPathToItsNewestTransport) {
  PathTable table;
  table.Set(MakePath(1), TransportNumber(1));
  table.Set(MakePath(1), TransportNumber(2));
  EXPECT_EQ(table.Find(MakePath(1)), &TransportNumber(2));
  EXPECT_EQ(table.size(), 1u);
}

}  // namespace
}  // namespace confab::sfu
