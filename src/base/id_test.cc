#include "base/id.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

struct ThingTag;
using ThingId = Id<ThingTag>;

TEST(Id, TextFormRoundTrips) {
  Prng random(1);
  for (int i = 0; i < 100; ++i) {
    const auto id = ThingId::Random(random);
    const std::string text = id.ToString();
    EXPECT_EQ(text.size(), 26u);
    EXPECT_EQ(ThingId::Parse(text), id);
  }
}

TEST(Id, RefusesEveryOtherSpelling) {
  Prng random(2);
  std::string text = ThingId::Random(random).ToString();
  EXPECT_FALSE(ThingId::Parse(text.substr(1)));
  EXPECT_FALSE(ThingId::Parse(text + "a"));
  EXPECT_FALSE(ThingId::Parse("A" + text.substr(1)));
  EXPECT_FALSE(ThingId::Parse("1" + text.substr(1)));
  text.back() = 'b';  // sets a bit beyond the 128th
  EXPECT_FALSE(ThingId::Parse(text));
  EXPECT_FALSE(ThingId::Parse(""));
}

TEST(Prng, RepeatsFromItsSeed) {
  Prng a(7), b(7), c(8);
  EXPECT_EQ(a.Next(), b.Next());
  EXPECT_NE(a.Next(), c.Next());
  for (int i = 0; i < 1000; ++i) EXPECT_LT(a.Below(10), 10u);
}

}  // namespace
}  // namespace confab
