#include "backends/discovery/static/static_instance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab::discovery {
namespace {

using testing::HasSubstr;

TEST(ParseStaticInstance, ReadsEveryPart) {
  const auto instance =
      ParseStaticInstance(ServiceKind::kSignaling, "sig-1_A=10.0.0.5:5000/5001@eu-north");
  ASSERT_TRUE(instance) << instance.error().message;
  EXPECT_EQ(*instance, (Instance{.service = ServiceKind::kSignaling,
                                 .id = "sig-1_A",
                                 .host = "10.0.0.5",
                                 .http_port = 5000,
                                 .grpc_port = 5001,
                                 .region = "eu-north"}));
}

TEST(ParseStaticInstance, ReadsNamesAndIpv6AndPortsThatAreNotThere) {
  const auto name = ParseStaticInstance(ServiceKind::kGateway, "g=gateway.example.org:4000/0");
  ASSERT_TRUE(name) << name.error().message;
  EXPECT_EQ(name->host, "gateway.example.org");
  EXPECT_EQ(name->grpc_port, 0);
  EXPECT_EQ(name->region, "");
  const auto ipv6 = ParseStaticInstance(ServiceKind::kMedia, "m=[2001:db8::5]:0/50051");
  ASSERT_TRUE(ipv6) << ipv6.error().message;
  EXPECT_EQ(ipv6->host, "2001:db8::5");
  EXPECT_EQ(ipv6->http_port, 0);
}

TEST(ParseStaticInstance, SaysWhatIsWrongAndHowToWriteIt) {
  const std::pair<const char*, const char*> cases[] = {
      {"10.0.0.5:5000/5001", "there is no '=' after its id"},
      {"=h:1/2", "its id is not 1 to 64"},
      {"a.b=h:1/2", "its id is not 1 to 64"},
      {"a=h:1", "there is no '/' between its ports"},
      {"a=h/2", "there is no ':' after its host"},
      {"a=h:1/65536", "a port is a whole number from 0 to 65535"},
      {"a=h:-1/2", "a port is a whole number from 0 to 65535"},
      {"a=h:/2", "a port is a whole number from 0 to 65535"},
      {"a=h:1x/2", "a port is a whole number from 0 to 65535"},
      {"a=h:0/0", "it has no port"},
      {"a=:1/2", "its host is neither"},
      {"a=http://h:1/2", "its host is neither"},
      {"a=h h:1/2", "its host is neither"},
      {"a=2001:db8::5:1/2", "an IPv6 address stands in brackets"},
      {"a=[h:1/2", "its host is neither"},
      {"a=h:1/2@", "there is no region after '@'"},
      {"a=h:1/2@EU", "its region is not 1 to 63"},
      {"a=h:1/2@-eu", "its region is not 1 to 63"},
      {"", "there is no '='"},
  };
  for (const auto& [text, why] : cases) {
    const auto instance = ParseStaticInstance(ServiceKind::kMedia, text);
    ASSERT_FALSE(instance) << text;
    EXPECT_EQ(instance.error().code, ErrorCode::kInvalidConfiguration);
    EXPECT_THAT(instance.error().message, HasSubstr(why));
    EXPECT_THAT(instance.error().message, HasSubstr("write ID=HOST:HTTP_PORT/GRPC_PORT"));
  }
}

TEST(ParseStaticInstances, RefusesTwoOfOneId) {
  const auto instances =
      ParseStaticInstances(ServiceKind::kMedia, {"a=h:1/2", "b=h:1/2", "a=i:1/2"});
  ASSERT_FALSE(instances);
  EXPECT_THAT(instances.error().message, HasSubstr("\"a=i:1/2\""));
  EXPECT_THAT(instances.error().message, HasSubstr("its id is another one's"));
}

TEST(ParseStaticInstances, RefusesMoreThanItsLimit) {
  std::vector<std::string> texts;
  for (size_t i = 0; i <= kMaxStaticInstances; ++i) texts.push_back(std::to_string(i) + "=h:1/2");
  EXPECT_FALSE(ParseStaticInstances(ServiceKind::kMedia, texts));
  texts.pop_back();
  EXPECT_TRUE(ParseStaticInstances(ServiceKind::kMedia, texts));
}

}  // namespace
}  // namespace confab::discovery
