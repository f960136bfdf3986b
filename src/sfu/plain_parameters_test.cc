#include "sfu/plain_parameters.h"

#include <gtest/gtest.h>

#include "rtc/srtp/srtp_suite.h"

namespace confab::sfu {
namespace {

using rtc::RemoteAddress, rtc::SrtpProfile;

enum class Ports : uint8_t { kOne, kTwo };

PlainTransportOptions Options(RemoteAddress remote, SrtpProfile srtp, Ports ports) {
  const auto local = [](uint16_t port) { return SocketAddress::Ipv4({127, 0, 0, 1}, port); };
  PlainTransportOptions options{
      .rtp = {rtc::LocalSocket(7), local(41'000)}, .rtcp = {}, .remote = remote, .srtp = srtp};
  if (ports == Ports::kTwo) options.rtcp = {rtc::LocalSocket(8), local(41'001)};
  return options;
}

class PlainParametersTest : public ::testing::Test {
 protected:
  // What the one is told that was made so; "" if it takes it, else the code.
  std::string Tell(const PlainTransportOptions& options, const PlainRemote& remote) {
    PlainParameters parameters(options, random_);
    return Tell(parameters, remote);
  }
  std::string Tell(PlainParameters& parameters, const PlainRemote& remote) {
    const auto told = parameters.SetRemote(remote, networks_, random_);
    return told ? "" : std::string(ToString(told.error().code));
  }
  static PlainRemote At(std::string_view ip, uint16_t port, std::optional<uint16_t> rtcp = {}) {
    return {.rtp = SocketAddress::Parse(ip, port), .rtcp_port = rtcp, .key = {}};
  }
  rtc::SrtpMasterKey Key(SrtpProfile profile) { return rtc::RandomMasterKey(profile, random_); }

  Prng random_{1};
  std::vector<IpNetwork> networks_ = {*IpNetwork::Parse("127.0.0.0/8"), *IpNetwork::Parse("::/0")};
};

TEST_F(PlainParametersTest, WantAnAddressWhereItIsNotLearned) {
  const auto one = Options(RemoteAddress::kGiven, SrtpProfile::kClear, Ports::kOne);
  const auto two = Options(RemoteAddress::kGiven, SrtpProfile::kClear, Ports::kTwo);
  EXPECT_EQ(Tell(one, At("127.0.0.1", 5004)), "");
  EXPECT_EQ(Tell(two, At("127.0.0.1", 5004, 5005)), "");
  EXPECT_EQ(Tell(one, {}), "invalid_message");
  EXPECT_EQ(Tell(one, At("127.0.0.1", 0)), "invalid_message");
  EXPECT_EQ(Tell(one, At("127.0.0.1", 5004, 5005)), "invalid_message") << "muxed";
  EXPECT_EQ(Tell(two, At("127.0.0.1", 5004)), "invalid_message");
  EXPECT_EQ(Tell(two, At("127.0.0.1", 5004, 0)), "invalid_message");
}

TEST_F(PlainParametersTest, RefuseAnAddressWithComedia) {
  const auto clear = Options(RemoteAddress::kLearned, SrtpProfile::kClear, Ports::kOne);
  EXPECT_EQ(Tell(clear, {}), "invalid_state") << "there is nothing to tell";
  EXPECT_EQ(Tell(clear, At("127.0.0.1", 5004)), "invalid_state");
  const auto srtp = Options(RemoteAddress::kLearned, SrtpProfile::kAeadAes128Gcm, Ports::kOne);
  PlainRemote remote = At("127.0.0.1", 5004);
  remote.key = Key(SrtpProfile::kAeadAes128Gcm);
  EXPECT_EQ(Tell(srtp, remote), "invalid_message");
  remote.rtp.reset();
  EXPECT_EQ(Tell(srtp, remote), "");
}

TEST_F(PlainParametersTest, WantKeysWithSrtpAndNoneWithout) {
  PlainRemote remote = At("127.0.0.1", 5004);
  const auto clear = Options(RemoteAddress::kGiven, SrtpProfile::kClear, Ports::kOne);
  const auto srtp = Options(RemoteAddress::kGiven, SrtpProfile::kAeadAes256Gcm, Ports::kOne);
  EXPECT_EQ(Tell(srtp, remote), "invalid_message");
  remote.key = Key(SrtpProfile::kAeadAes256Gcm);
  EXPECT_EQ(Tell(srtp, remote), "");
  EXPECT_EQ(Tell(clear, remote), "invalid_message");
}

TEST_F(PlainParametersTest, AreToldOnceAndNothingByARefusal) {
  PlainParameters parameters(Options(RemoteAddress::kGiven, SrtpProfile::kClear, Ports::kOne),
                             random_);
  EXPECT_EQ(Tell(parameters, At("192.0.2.1", 5004)), "forbidden");
  EXPECT_EQ(Tell(parameters, At("127.0.0.1", 5004)), "");
  EXPECT_EQ(Tell(parameters, At("127.0.0.1", 5006)), "invalid_state");
  EXPECT_EQ(parameters.rtp().port(), 5004);
}

TEST_F(PlainParametersTest, NameTheOptionThatForbidsAnAddress) {
  PlainParameters parameters(Options(RemoteAddress::kGiven, SrtpProfile::kClear, Ports::kOne),
                             random_);
  const auto told = parameters.SetRemote(At("192.0.2.1", 5004), networks_, random_);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, ErrorCode::kForbidden);
  EXPECT_NE(told.error().message.find("media.plain_rtp_networks"), std::string::npos);
  EXPECT_FALSE(parameters.SetRemote(At("127.0.0.1", 5004), {}, random_)) << "no networks at all";
}

TEST_F(PlainParametersTest, RefuseWhatIsNoAddressOfOneMachine) {
  networks_.push_back(*IpNetwork::Parse("0.0.0.0/0"));
  auto options = Options(RemoteAddress::kGiven, SrtpProfile::kClear, Ports::kOne);
  EXPECT_EQ(Tell(options, At("192.0.2.1", 5004)), "");
  for (const char* ip : {"0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255", "::1"}) {
    EXPECT_EQ(Tell(options, At(ip, 5004)), "invalid_message") << ip;
  }
  options.rtp.address = *SocketAddress::Parse("::1", 41'000);
  EXPECT_EQ(Tell(options, At("2001:db8::1", 5004)), "");
  for (const char* ip : {"::", "ff02::1", "::ffff:127.0.0.1", "127.0.0.1"}) {
    EXPECT_EQ(Tell(options, At(ip, 5004)), "invalid_message") << ip;
  }
}

// mediasoup: "The SRTP crypto suite of the local srtpParameters gets also updated".
TEST_F(PlainParametersTest, FollowThePeersSuiteWithAKeyOfItsOwn) {
  PlainParameters parameters(
      Options(RemoteAddress::kLearned, SrtpProfile::kAeadAes128Gcm, Ports::kOne), random_);
  const rtc::SrtpMasterKey before = parameters.local_key();
  PlainRemote remote{.rtp = {}, .rtcp_port = {}, .key = Key(SrtpProfile::kAesCm128HmacSha1_80)};
  EXPECT_EQ(Tell(parameters, remote), "");
  EXPECT_EQ(parameters.keys().local.profile, SrtpProfile::kAesCm128HmacSha1_80);
  EXPECT_EQ(parameters.keys().remote.key, remote.key->key);
  EXPECT_NE(parameters.local_key().key, before.key);

  PlainParameters same(Options(RemoteAddress::kLearned, SrtpProfile::kAeadAes128Gcm, Ports::kOne),
                       random_);
  const rtc::SrtpMasterKey announced = same.local_key();
  remote.key = Key(SrtpProfile::kAeadAes128Gcm);
  EXPECT_EQ(Tell(same, remote), "");
  EXPECT_EQ(same.local_key().key, announced.key) << "it has been told to the peer";
}

}  // namespace
}  // namespace confab::sfu
