#include "base/bytes.h"

#include <gtest/gtest.h>

#include <array>

namespace confab {
namespace {

TEST(ByteReader, ReadsBigEndianFields) {
  const std::array<uint8_t, 10> bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.U8(), 0x01);
  EXPECT_EQ(reader.U16(), 0x0203);
  EXPECT_EQ(reader.U24(), 0x040506u);
  EXPECT_EQ(reader.U32(), 0x0708090au);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.remaining(), 0u);
}

TEST(ByteReader, StaysFailedAfterAReadPastTheEnd) {
  const std::array<uint8_t, 3> bytes{1, 2, 3};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.U32(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.U8(), 0) << "a failed reader takes nothing more";
  EXPECT_EQ(reader.offset(), 0u);
}

TEST(ByteWriter, WritesWhatTheReaderReads) {
  std::array<uint8_t, 32> buffer{};
  ByteWriter writer(buffer);
  writer.U8(0xab);
  writer.U16(0x1234);
  writer.U24(0x56789a);
  writer.U32(0xdeadbeef);
  writer.U64(0x0102030405060708);
  writer.Zeros(2);
  ASSERT_TRUE(writer.ok());
  ByteReader reader(writer.written());
  EXPECT_EQ(reader.U8(), 0xab);
  EXPECT_EQ(reader.U16(), 0x1234);
  EXPECT_EQ(reader.U24(), 0x56789au);
  EXPECT_EQ(reader.U32(), 0xdeadbeefu);
  EXPECT_EQ(reader.U64(), 0x0102030405060708u);
  EXPECT_EQ(reader.U16(), 0u);
}

TEST(ByteWriter, WritesNothingThatDoesNotFit) {
  std::array<uint8_t, 3> buffer{9, 9, 9};
  ByteWriter writer(buffer);
  writer.U32(1);
  writer.U8(7);
  EXPECT_FALSE(writer.ok());
  EXPECT_EQ(writer.size(), 0u);
  EXPECT_EQ(buffer[0], 9);
}

}  // namespace
}  // namespace confab
