#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "app/config/config_text.h"
#include "base/error.h"

// The documents that repeat what the code says. Run from the root of the repository.
namespace confab::app {
namespace {

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(ConfigurationDocument, HoldsTheTableOfKeysAsItIs) {
  const std::string begin = "<!-- keys: from `confab config document` -->\n";
  const std::string end = "<!-- end of keys -->\n";
  const std::string text = ReadFile("docs/configuration.md");
  const size_t from = text.find(begin), to = text.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  EXPECT_TRUE(text.substr(from + begin.size(), to - from - begin.size()) == ConfigAsMarkdown())
      << "put the output of `confab config document` between the two markers";
}

TEST(ErrorCodesDocument, ListsExactlyTheCodesThatThereAre) {
  std::set<std::string> in_code, in_document;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    in_code.emplace(ToString(static_cast<ErrorCode>(i)));
  }
  const std::string text = ReadFile("docs/error-codes.md");
  const std::regex row("\\| `([a-z_]+)` \\|");
  for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it) {
    EXPECT_TRUE(in_document.insert((*it)[1]).second) << (*it)[1] << " is there twice";
  }
  EXPECT_EQ(in_code, in_document);
}

}  // namespace
}  // namespace confab::app
