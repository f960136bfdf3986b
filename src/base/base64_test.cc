#include "base/base64.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace confab {
namespace {

// RFC 4648 §10.
TEST(Base64, WritesAndReadsTheVectorsOfTheRfc) {
  for (const auto& [plain, text] :
       {std::pair("", ""), std::pair("f", "Zg=="), std::pair("fo", "Zm8="),
        std::pair("foo", "Zm9v"), std::pair("foob", "Zm9vYg=="), std::pair("fooba", "Zm9vYmE="),
        std::pair("foobar", "Zm9vYmFy")}) {
    EXPECT_EQ(ToBase64(AsBytes(plain)), text);
    const auto read = FromBase64(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(AsText(*read), plain);
  }
}

TEST(Base64, RefusesWhatItWouldNotWrite) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "====", "=", "Zm9v\n", "Zm 9", "Zm9-",
                           "Zh==", "Zm9=", "Z===", "Zg==Zg==", "Zm9vYg"}) {
    EXPECT_FALSE(FromBase64(text)) << text;
  }
}

TEST(Base64, ReadsWhateverItWrites) {
  Prng random(1);
  for (size_t size = 0; size < 100; ++size) {
    std::vector<uint8_t> bytes(size);
    random.Fill(bytes);
    EXPECT_EQ(FromBase64(ToBase64(bytes)), bytes);
  }
}

}  // namespace
}  // namespace confab
