#include "observe/private.h"

#include <gtest/gtest.h>

#include "base/socket_address.h"

namespace confab::observe {
namespace {

TEST(Pseudonym, HidesTheText) {
  const std::string shown = Pseudonym("Ada Lovelace");
  EXPECT_EQ(shown.find("Ada"), std::string::npos);
  EXPECT_EQ(shown.substr(0, 8), "private:");
  EXPECT_EQ(shown.size(), 20u);
}

TEST(Pseudonym, IsTheSameForTheSameText) {
  EXPECT_EQ(Pseudonym("a"), Pseudonym("a"));
}

TEST(Pseudonym, DiffersForDifferentTexts) {
  EXPECT_NE(Pseudonym("a"), Pseudonym("b"));
}

TEST(Pseudonym, OfNothingIsNothing) {
  EXPECT_EQ(Pseudonym(""), "");
}

TEST(Private, TakesWhateverHasATextForm) {
  const Private address(SocketAddress::Ipv4({192, 0, 2, 1}, 4000));
  EXPECT_EQ(PseudonymOf(address), Pseudonym("192.0.2.1:4000"));
  EXPECT_EQ(PseudonymOf(Private<std::string>("x")), Pseudonym("x"));
}

}  // namespace
}  // namespace confab::observe
