#include "services/media/local_ends.h"

#include <gtest/gtest.h>

namespace confab::media {
namespace {

std::vector<SocketAddress> Addresses(std::initializer_list<const char*> ips, uint16_t port) {
  std::vector<SocketAddress> all;
  for (const char* ip : ips) all.push_back(*SocketAddress::Parse(ip, port));
  return all;
}

struct Case {
  const char* name;
  std::initializer_list<const char*> listening;
  std::initializer_list<const char*> announced;
  std::initializer_list<const char*> told;
};

TEST(AnnouncedFor, GivesEachListeningAddressTheOneThatClientsWereTold) {
  const Case cases[] = {
      {"nothing announced", {"10.0.0.5", "::1"}, {}, {"10.0.0.5", "::1"}},
      {"one for all", {"10.0.0.5", "127.0.0.1"}, {"203.0.113.5"}, {"203.0.113.5", "203.0.113.5"}},
      {"by family",
       {"::1", "10.0.0.5"},
       {"203.0.113.5", "2001:db8::5"},
       {"2001:db8::5", "203.0.113.5"}},
      {"by place",
       {"10.0.0.5", "10.0.1.5"},
       {"203.0.113.5", "203.0.113.6"},
       {"203.0.113.5", "203.0.113.6"}},
      {"more than there are", {"10.0.0.5"}, {"203.0.113.5", "10.0.0.5"}, {"203.0.113.5"}},
      {"none of its family", {"::1"}, {"203.0.113.5"}, {"203.0.113.5"}},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(AnnouncedFor(Addresses(each.listening, 40'000), Addresses(each.announced, 0)),
              Addresses(each.told, 40'000))
        << each.name;
  }
}

}  // namespace
}  // namespace confab::media
