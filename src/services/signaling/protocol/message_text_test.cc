#include "services/signaling/protocol/message_text.h"

#include <gtest/gtest.h>

#include "base/testing/error_of.h"

namespace confab::signaling {
namespace {

std::string Clean(std::string_view raw) {
  const auto text = CleanText(raw);
  return text ? *text : "refused: " + text.error().message;
}

TEST(CleanText, KeepsWhatPeopleWrite) {
  for (const char* text : {"Hello", "two\nlines\n\nand a gap", "a\ttab", "<b>markup</b> & more",
                           "שלום عالم", "👩‍👩‍👧 and 🇩🇪", "double  space"}) {
    EXPECT_EQ(Clean(text), text);
  }
}

TEST(CleanText, EndsLinesInOneWay) {
  EXPECT_EQ(Clean("a\r\nb\rc\nd\n\ne"), "a\nb\nc\nd\n\ne");
  EXPECT_EQ(Clean("a\r\r\nb"), "a\n\nb");
  EXPECT_EQ(Clean("a\xe2\x80\xa8"
                  "b\xc2\x85"
                  "c"),
            "a\nb\nc");
}

TEST(CleanText, RemovesWhatIsNotSeenAndTurnsTextRound) {
  EXPECT_EQ(Clean("a\x01\x1b[31mb"), "a[31mb");
  EXPECT_EQ(Clean("pay \xe2\x80\xae"
                  "001\xe2\x80\xac now"),
            "pay 001 now");
  EXPECT_EQ(Clean("\xe2\x80\x8b"
                  "a\xef\xbb\xbf"),
            "a");
}

TEST(CleanText, CutsWhiteSpaceAtBothEnds) {
  EXPECT_EQ(Clean(" \n\t a b \xc2\xa0\n"), "a b");
}

TEST(CleanText, RefusesWhatNobodyCouldSee) {
  for (const char* text : {"", "  ", "\n\n", "\xe2\x80\x8b", "\x01"}) {
    EXPECT_EQ(ErrorOf(CleanText(text)).code, ErrorCode::kInvalidMessage);
  }
}

TEST(CleanText, RefusesWhatIsNoText) {
  for (const char* text : {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\x80"}) {
    EXPECT_EQ(ErrorOf(CleanText(text)).code, ErrorCode::kInvalidMessage);
  }
}

TEST(CleanText, CountsCharactersAndBytesOfWhatIsLeft) {
  EXPECT_EQ(Clean(std::string(kMaxTextLength, 'x')).size(), kMaxTextLength);
  EXPECT_EQ(Clean(std::string(kMaxTextLength, 'x') + "  \n").size(), kMaxTextLength);
  EXPECT_EQ(ErrorOf(CleanText(std::string(kMaxTextLength + 1, 'x'))).code,
            ErrorCode::kInvalidMessage);
  std::string emoji;
  for (size_t i = 0; i < kMaxTextSize / 4; ++i) emoji += "😀";
  EXPECT_EQ(Clean(emoji), emoji);
  EXPECT_EQ(ErrorOf(CleanText(emoji + "😀")).code, ErrorCode::kInvalidMessage);
}

}  // namespace
}  // namespace confab::signaling
