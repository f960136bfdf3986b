#include "services/logs/line_splitter.h"

#include <gmock/gmock.h>

namespace confab::logs {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> TextsOf(const std::vector<RawLine>& lines) {
  std::vector<std::string> texts;
  for (const RawLine& line : lines) texts.push_back(line.bytes);
  return texts;
}

TEST(LineSplitter, CutsTheSameLinesHoweverTheOctetsArrive) {
  const std::string text = "one\n\ntwo\nthree\n";
  for (size_t step = 1; step <= text.size(); ++step) {
    LineSplitter splitter;
    std::vector<RawLine> lines;
    for (size_t at = 0; at < text.size(); at += step) splitter.Add(text.substr(at, step), lines);
    EXPECT_THAT(TextsOf(lines), ElementsAre("one", "two", "three")) << step;
    EXPECT_FALSE(splitter.has_rest());
  }
}

TEST(LineSplitter, KeepsTheBeginningOfWhatIsTooLong) {
  LineSplitter splitter;
  std::vector<RawLine> lines;
  for (int i = 0; i < 1024; ++i) splitter.Add(std::string(1024, 'x'), lines);
  splitter.Add("\nnext\n", lines);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].octets, 1024u * 1024);
  EXPECT_EQ(lines[0].bytes.size(), kMaxLineBytes);
  EXPECT_EQ(lines[1].bytes, "next");
  EXPECT_EQ(lines[1].octets, 4u);
}

TEST(LineSplitter, GivesOutAnEndThatIsMissing) {
  LineSplitter splitter;
  std::vector<RawLine> lines;
  splitter.Add("whole\nhal", lines);
  ASSERT_TRUE(splitter.has_rest());
  const auto rest = splitter.TakeRest();
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->bytes, "hal");
  EXPECT_FALSE(rest->is_ended);
  EXPECT_FALSE(splitter.TakeRest());
}

TEST(LineSplitter, SkipsToTheNextLine) {
  LineSplitter splitter;
  std::vector<RawLine> lines;
  splitter.SkipToNextLine();
  splitter.Add("middle of one", lines);
  splitter.Add(" line\nwhole\n", lines);
  EXPECT_THAT(TextsOf(lines), ElementsAre("whole"));
}

}  // namespace
}  // namespace confab::logs
