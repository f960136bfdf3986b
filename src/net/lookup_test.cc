#include "net/lookup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/testing/loopback.h"

namespace confab::net {
namespace {

using ::testing::ElementsAre, ::testing::IsEmpty;

// The system as it is while a name server is silent: a question stays open until a test answers it.
class SilentSystem {
 public:
  NameQuestion ask() {
    return [this](const asio::any_io_executor&, const std::string& host,
                  NameAnswer answer) -> std::shared_ptr<void> {
      asked_.push_back(host);
      answer_ = std::move(answer);
      const auto question = std::make_shared<int>(0);
      question_ = question;
      return question;
    };
  }
  const std::vector<std::string>& asked() const { return asked_; }
  bool is_taken_back() const { return question_.expired(); }
  void Answer(FoundAddresses found) { answer_(std::move(found)); }

 private:
  std::vector<std::string> asked_;
  NameAnswer answer_;
  std::weak_ptr<int> question_;
};

// A system that knows what every name stands for.
NameQuestion AnswerAtOnce(std::vector<std::string> addresses) {
  return [addresses = std::move(addresses)](const asio::any_io_executor&, const std::string&,
                                            NameAnswer answer) -> std::shared_ptr<void> {
    FoundAddresses found;
    for (const std::string& each : addresses) {
      found.addresses.push_back(asio::ip::make_address(each));
    }
    answer(std::move(found));
    return nullptr;
  };
}

std::vector<std::string> Texts(const FoundAddresses& found) {
  std::vector<std::string> texts;
  for (const asio::ip::address& address : found.addresses) texts.push_back(address.to_string());
  return texts;
}

TEST(LookUp, AsksNobodyForAnAddress) {
  asio::io_context io;
  SilentSystem system;
  const FoundAddresses v4 = RunOn(io, LookUp("127.0.0.1", TimeDelta::Seconds(10), system.ask()));
  EXPECT_FALSE(v4.failed);
  EXPECT_THAT(Texts(v4), ElementsAre("127.0.0.1"));
  const FoundAddresses v6 = RunOn(io, LookUp("2001:db8::1", TimeDelta::Seconds(10), system.ask()));
  EXPECT_FALSE(v6.failed);
  EXPECT_THAT(Texts(v6), ElementsAre("2001:db8::1"));
  EXPECT_THAT(system.asked(), IsEmpty());
}

TEST(LookUp, TellsWhatTheSystemKnows) {
  asio::io_context io;
  const FoundAddresses found = RunOn(
      io, LookUp("a.example", TimeDelta::Seconds(10), AnswerAtOnce({"192.0.2.1", "2001:db8::1"})));
  EXPECT_FALSE(found.failed);
  EXPECT_THAT(Texts(found), ElementsAre("192.0.2.1", "2001:db8::1"));
}

TEST(LookUp, TakesAnAnswerWithoutAddressesForNone) {
  asio::io_context io;
  const FoundAddresses found =
      RunOn(io, LookUp("a.example", TimeDelta::Seconds(10), AnswerAtOnce({})));
  EXPECT_EQ(found.failed, error_code(asio::error::host_not_found));
}

TEST(LookUp, KeepsToItsLimitWhileTheSystemIsSilent) {
  asio::io_context io;
  SilentSystem system;
  const FoundAddresses found = RunOn(io, LookUp("a.example", TimeDelta::Millis(1), system.ask()));
  EXPECT_EQ(found.failed, error_code(asio::error::timed_out));
  EXPECT_THAT(found.addresses, IsEmpty());
  EXPECT_THAT(system.asked(), ElementsAre("a.example"));
  EXPECT_TRUE(system.is_taken_back());
  // It had begun already; nobody is there any more who could hear the answer.
  FoundAddresses late;
  late.addresses.push_back(asio::ip::make_address("192.0.2.1"));
  system.Answer(std::move(late));
  EXPECT_THAT(found.addresses, IsEmpty());
}

// "" or what went wrong.
asio::awaitable<std::string> TryToConnect(std::string host, uint16_t port) {
  const auto stream = co_await ConnectTcp(std::move(host), port, TimeDelta::Seconds(10));
  co_return stream ? std::string() : stream.error().message;
}

TEST(ConnectTcp, NeedsNoResolverForAnAddress) {
  // Asio's resolver refuses to work for such a context.
  asio::io_context io(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
  const asio::ip::tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
  const asio::ip::tcp::acceptor acceptor(io, any);
  const uint16_t port = acceptor.local_endpoint().port();
  EXPECT_EQ(RunOn(io, TryToConnect("127.0.0.1", port)), "");
  EXPECT_NE(RunOn(io, TryToConnect("localhost", port)), "");
}

}  // namespace
}  // namespace confab::net
