#include "app/serve/addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab::app {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const SocketAddress kLoopback = SocketAddress::Ipv4({127, 0, 0, 1}, 0);
const SocketAddress kPrivate = SocketAddress::Ipv4({192, 168, 1, 5}, 0);
const SocketAddress kPublic = SocketAddress::Ipv4({203, 0, 113, 7}, 0);
const SocketAddress kPublicIpv6 = *SocketAddress::Parse("2001:db8::7", 0);

TEST(ChooseAnnouncement, AnnouncesEveryLocalAddress) {
  const auto announcement = ChooseAnnouncement({}, std::vector{kPublic, kPrivate, kLoopback});
  EXPECT_THAT(announcement.addresses, ElementsAre(kPublic, kPrivate, kLoopback));
  EXPECT_EQ(announcement.warning, "");
}

TEST(ChooseAnnouncement, AnnouncesOnlyWhatIsConfigured) {
  const auto announcement =
      ChooseAnnouncement(std::vector<std::string>{"203.0.113.7"}, std::vector{kPrivate});
  EXPECT_THAT(announcement.addresses, ElementsAre(kPublic));
  EXPECT_EQ(announcement.warning, "");
}

TEST(ChooseAnnouncement, WarnsWhereOnlyPrivateAddressesAreKnown) {
  const auto announcement = ChooseAnnouncement({}, std::vector{kPrivate, kLoopback});
  EXPECT_THAT(announcement.warning, HasSubstr("192.168.1.5, 127.0.0.1"));
  EXPECT_THAT(announcement.warning, HasSubstr("--announce"));
}

TEST(ChooseAnnouncement, FallsBackToLoopback) {
  EXPECT_THAT(ChooseAnnouncement({}, {}).addresses, ElementsAre(kLoopback));
}

TEST(PageUrls, NamesOnlyThisMachineWithoutHttps) {
  EXPECT_THAT(PageUrls({}, 4000, std::vector{kPrivate}), ElementsAre("http://localhost:4000"));
}

TEST(PageUrls, NamesTheMachinesAddressesWithHttps) {
  Config::Gateway config;
  config.https = true;
  EXPECT_THAT(PageUrls(config, 4001, std::vector{kPrivate, kPublicIpv6, kLoopback}),
              ElementsAre("https://localhost:4001", "https://192.168.1.5:4001",
                          "https://[2001:db8::7]:4001"));
}

TEST(PageUrls, LeavesOutWhatTheAddressDoesNotCover) {
  Config::Gateway config;
  config.address = "0.0.0.0";
  EXPECT_THAT(PageUrls(config, 80, std::vector{kPrivate, kPublicIpv6}),
              ElementsAre("http://localhost:80", "http://192.168.1.5:80"));
}

TEST(PageUrls, NamesTheOneAddressThatIsConfigured) {
  Config::Gateway config;
  config.address = "2001:db8::7";
  EXPECT_THAT(PageUrls(config, 80, std::vector{kPrivate}), ElementsAre("http://[2001:db8::7]:80"));
}

TEST(ChooseMediaAddresses, AreAllOfTheMachineOrTheOneThatIsConfigured) {
  Config::Media config;
  EXPECT_THAT(ChooseMediaAddresses(config, std::vector{kPublic, kPrivate}),
              ElementsAre(kPublic, kPrivate));
  config.address = "192.168.1.5";
  EXPECT_THAT(ChooseMediaAddresses(config, std::vector{kPublic}), ElementsAre(kPrivate));
}

TEST(ChooseMediaAddresses, AreLoopbackWhereTheMachineTellsNone) {
  EXPECT_THAT(ChooseMediaAddresses({}, {}), ElementsAre(kLoopback));
}

TEST(ChooseListenAddresses, StaysOnThisMachineWithoutHttps) {
  const auto addresses = ChooseListenAddresses({});
  ASSERT_EQ(addresses.size(), 2u);
  EXPECT_EQ(addresses[0].ip, "127.0.0.1");
  EXPECT_EQ(addresses[1].ip, "::1");
  EXPECT_EQ(addresses[1].need, gateway::GatewayOptions::Address::Need::kOptional);
}

TEST(ChooseListenAddresses, IsEverywhereWithACertificate) {
  Config::Gateway config;
  config.certificate = "c.pem";
  EXPECT_EQ(ChooseListenAddresses(config)[0].ip, "0.0.0.0");
}

TEST(CertificateNames, CoverLocalhostAndEveryAddressOnce) {
  const auto names = CertificateNames(std::vector{kPrivate, kLoopback, kPrivate});
  EXPECT_EQ(std::ranges::count(names, "192.168.1.5"), 1);
  EXPECT_THAT(names, Contains("localhost"));
  EXPECT_THAT(names, Contains("127.0.0.1"));
}

}  // namespace
}  // namespace confab::app
