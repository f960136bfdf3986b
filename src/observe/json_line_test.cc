#include "observe/json_line.h"

#include <gtest/gtest.h>

#include <limits>

namespace confab::observe {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

TEST(JsonString, EscapesWhatJsonForbids) {
  EXPECT_EQ(Quoted("a\"b\\c\n\r\t\x01\x7F"), R"("a\"b\\c\n\r\t\u0001\u007f")");
}

TEST(JsonString, KeepsWellFormedUtf8) {
  EXPECT_EQ(Quoted("é€😀"), "\"é€😀\"");
}

TEST(JsonString, ReplacesWhatIsNotUtf8) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(Quoted("\xFF"), "\"" + bad + "\"");
  EXPECT_EQ(Quoted("\xC3"), "\"" + bad + "\"");                      // cut off
  EXPECT_EQ(Quoted("\xC0\xAF"), "\"" + bad + bad + "\"");            // overlong
  EXPECT_EQ(Quoted("\xED\xA0\x80"), "\"" + bad + bad + bad + "\"");  // surrogate
  EXPECT_EQ(Quoted("\xF4\x90\x80\x80"), "\"" + bad + bad + bad + bad + "\"");
  EXPECT_EQ(Quoted("\xE2\x82x"), "\"" + bad + bad + "x\"");
}

TEST(JsonLine, KeepsTheOrderOfItsFields) {
  JsonLine line;
  line.Add("text", "x");
  line.Add("count", int64_t{-3});
  line.Add("big", std::numeric_limits<uint64_t>::max());
  line.Add("ratio", 0.5);
  line.AddBool("yes", true);
  EXPECT_EQ(line.Finish(),
            R"({"text":"x","count":-3,"big":18446744073709551615,"ratio":0.5,"yes":true})");
}

TEST(JsonLine, WritesNullForANumberThatJsonDoesNotHave) {
  JsonLine line;
  line.Add("x", std::numeric_limits<double>::infinity());
  EXPECT_EQ(line.Finish(), R"({"x":null})");
}

TEST(JsonLine, IsEmptyAfterFinish) {
  JsonLine line;
  line.Add("x", "y");
  (void)line.Finish();
  EXPECT_EQ(line.Finish(), "{}");
}

}  // namespace
}  // namespace confab::observe
