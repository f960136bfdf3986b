#include "services/signaling/protocol/display_name.h"

#include <gtest/gtest.h>

namespace confab::signaling {
namespace {

TEST(CleanName, CollapsesAndTrimsWhiteSpaceOfEveryKind) {
  EXPECT_EQ(CleanName("  Ada \t\n Lovelace\u3000"), "Ada Lovelace");
  EXPECT_EQ(CleanName("a\u00a0\u2003\u2028b"), "a b");
  EXPECT_EQ(CleanName(" \t "), "");
  EXPECT_EQ(CleanName(""), "");
}

TEST(CleanName, RemovesControlsAndWhatTurnsTextRound) {
  EXPECT_EQ(CleanName(std::string_view("a\0b\x07\x7f"
                                       "c",
                                       6)),
            "abc");
  EXPECT_EQ(CleanName("x\u202egnp.exe\u202c"), "xgnp.exe");
  EXPECT_EQ(CleanName("\u2066a\u2067b\u2068c\u2069"), "abc");
  EXPECT_EQ(CleanName("\u200b\ufeff\u2060"), "");
  EXPECT_EQ(CleanName("a\u0085b"), "a b");
  EXPECT_EQ(CleanName("a\u0090b"), "ab");
}

TEST(CleanName, KeepsRightToLeftNamesJoinersAndEmoji) {
  for (const char* name :
       {"محمد علي", "שרה", "می‌خواهم", "👩‍👩‍👧", "Zoë\u200f", "李雷"}) {
    EXPECT_EQ(CleanName(name), name);
  }
}

TEST(CleanName, CountsCodePointsAfterCleaning) {
  const auto repeat = [](std::string_view text, size_t count) {
    std::string all;
    for (size_t i = 0; i < count; ++i) all += text;
    return all;
  };
  EXPECT_EQ(CleanName(repeat("é", 64)), repeat("é", 64));
  EXPECT_EQ(CleanName(repeat("é", 64) + "  \u202e"), repeat("é", 64));
  EXPECT_FALSE(CleanName(repeat("é", 65)).has_value());
}

TEST(ClippedName, IsTheBeginningOfALongOneWithoutHalfACharacter) {
  std::string accents;
  for (int i = 0; i < 64; ++i) accents += "é";
  EXPECT_EQ(ClippedName(accents + "é"), accents);
  EXPECT_EQ(ClippedName(accents + "\u202e"), accents);
  const std::string letters(63, 'x');
  EXPECT_EQ(ClippedName(letters + " y"), letters);
}

TEST(ClippedName, IsCleaned) {
  EXPECT_EQ(ClippedName(" Ada \t\u202e Lovelace\n"), "Ada Lovelace");
  EXPECT_EQ(ClippedName("\u200b"), "");
  EXPECT_EQ(ClippedName("\xff"), "");
}

TEST(CleanName, RefusesWhatIsNoUtf8) {
  for (const char* bytes : {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                            "\xf8\x88\x80\x80\x80", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "a\xff"}) {
    const auto name = CleanName(bytes);
    ASSERT_FALSE(name.has_value());
    EXPECT_EQ(name.error().code, ErrorCode::kInvalidMessage);
  }
}

}  // namespace
}  // namespace confab::signaling
