#include "backends/store/text_rules.h"

#include <gtest/gtest.h>

namespace confab::store {
namespace {

TEST(StorableText, IsUtf8WithoutNul) {
  for (const std::string_view text :
       {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "Grüße \xF0\x9F\x91\x8B"}) {
    EXPECT_TRUE(IsStorableText(text)) << text;
  }
}

TEST(StorableText, IsNothingElse) {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {"\0"sv, "a\0b"sv, "\x80"sv, "\xBF"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xC2"sv, "\xC2\x41"sv,
        "\xE0\x9F\xBF"sv, "\xE1\x80"sv, "\xED\xA0\x80"sv, "\xED\xBF\xBF"sv, "\xF0\x8F\xBF\xBF"sv,
        "\xF0\x90\x80"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFF"sv, "ok\xC3"sv}) {
    EXPECT_FALSE(IsStorableText(text)) << text;
  }
}

TEST(InputCheck, KeepsTheFirstFault) {
  const auto result =
      InputCheck().Word("room", "", 5).Text("name", "longer", 5).Time("end", 0).result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().fault, StoreFault::kRefused);
  EXPECT_EQ(result.error().message, "The room is empty");
}

TEST(InputCheck, TakesWhatIsWithinItsLimits) {
  EXPECT_TRUE(InputCheck().Word("room", "five5", 5).Text("name", "", 5).Time("end", 1).result());
  EXPECT_FALSE(InputCheck().Word("room", "sixsix", 5).result());
  EXPECT_FALSE(InputCheck().Time("end", -1).result());
  EXPECT_FALSE(InputCheck().NotNegative("epoch", -1).result());
}

}  // namespace
}  // namespace confab::store
