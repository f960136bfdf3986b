#include "backends/bus/instance_name.h"

#include <gtest/gtest.h>

#include "backends/bus/message.h"

namespace confab::bus {
namespace {

TEST(InstanceName, IsAnotherOneWithEachRun) {
  SecureRandom random;
  const auto one = InstanceName::Make("signaling-1", "eu-north", random);
  const auto other = InstanceName::Make("signaling-1", "eu-north", random);
  ASSERT_TRUE(one && other);
  EXPECT_NE(*one, *other);
  EXPECT_EQ(one->id(), "signaling-1");
  EXPECT_EQ(one->region(), "eu-north");
  EXPECT_EQ(InstanceName::Parse(one->text()), one);
}

TEST(InstanceName, RefusesWhatIsNone) {
  for (const char* text :
       {"", "a", "a~b@c", "~abcdefghijkl@eu", "a~abcdefghijkl", "a~abcdefghijkL@eu",
        "a~abcdefghijkl@EU", "a b~abcdefghijkl@eu", "a~abcdefghijkl@e\nu", "@a~"}) {
    EXPECT_FALSE(InstanceName::Parse(text)) << text;
  }
  EXPECT_TRUE(InstanceName::Parse("a~abcdefghijkl@"));
}

TEST(Message, ComesBackAsItWas) {
  const auto from = InstanceName::Parse("a~abcdefghijkl@eu");
  const auto message = ParseMessage(MakeMessage(*from, "one\ntwo"));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->from, *from);
  EXPECT_EQ(message->bytes, "one\ntwo");
}

TEST(Message, IsNoneWithoutASender) {
  EXPECT_FALSE(ParseMessage(""));
  EXPECT_FALSE(ParseMessage("hello"));
  EXPECT_FALSE(ParseMessage("hello\nworld"));
}

}  // namespace
}  // namespace confab::bus
