#include "backends/discovery/testing/backends_under_test.h"

#include <boost/asio/co_spawn.hpp>
#include <cstdlib>
#include <utility>

#include "backends/discovery/consul/consul_discovery.h"
#include "backends/discovery/static/static_discovery.h"
#include "backends/discovery/testing/small_consul.h"
#include "base/id.h"
#include "base/random.h"
#include "net/testing/run_until.h"

namespace confab::discovery {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): tests have one thread
  return value ? value : "";
}

class StaticUnderTest final : public BackendUnderTest {
 public:
  explicit StaticUnderTest(asio::io_context& io) : io_(io) {}
  std::unique_ptr<Discovery> Make(const std::vector<Instance>& others) override {
    StaticDiscovery::Lists lists;
    for (const Instance& each : others) lists[static_cast<size_t>(each.service)].push_back(each);
    return std::make_unique<StaticDiscovery>(io_, std::move(lists));
  }
  bool is_shared() const override { return false; }

 private:
  asio::io_context& io_;
};

// The others are discoveries of their own that announce themselves, and withdraw at the end, so
// that nothing is left in an agent that others use too.
class ConsulUnderTest : public BackendUnderTest {
 public:
  ConsulUnderTest(asio::io_context& io, std::string url, std::string token)
      : io_(io), url_(std::move(url)), token_(std::move(token)) {}
  ~ConsulUnderTest() override {
    size_t done = 0;
    for (const auto& other : others_) {
      asio::co_spawn(io_, other->Withdraw(TimeDelta::Seconds(5)),
                     [&done](std::exception_ptr) { ++done; });
    }
    net::RunUntil(io_, [&] { return done == others_.size(); });
  }
  std::unique_ptr<Discovery> Make(const std::vector<Instance>& others) override {
    for (const Instance& each : others) {
      others_.push_back(MakeOne());
      others_.back()->Announce(each);
    }
    return MakeOne();
  }
  bool is_shared() const override { return true; }
  std::string suffix() const override { return suffix_; }

 private:
  std::unique_ptr<Discovery> MakeOne() {
    return std::make_unique<ConsulDiscovery>(io_, ConsulApi(url_, token_), ConsulTimes(),
                                             observe::Logger());
  }

  asio::io_context& io_;
  std::string url_;
  std::string token_;
  std::string suffix_ = "-" + [] {
    SecureRandom random;
    return Id<struct RunTag>::Random(random).ToString();
  }();
  std::vector<std::unique_ptr<Discovery>> others_;
};

class SmallConsulUnderTest final : public BackendUnderTest {
 public:
  explicit SmallConsulUnderTest(asio::io_context& io)
      : consul_(io), client_(io, consul_.url(), "") {}
  std::unique_ptr<Discovery> Make(const std::vector<Instance>& others) override {
    return client_.Make(others);
  }
  bool is_shared() const override { return true; }

 private:
  SmallConsul consul_;
  ConsulUnderTest client_;
};

}  // namespace

std::string NamedConsulUrl() {
  return Variable("CONFAB_TEST_CONSUL");
}

std::unique_ptr<BackendUnderTest> MakeStaticUnderTest(asio::io_context& io, std::string&) {
  return std::make_unique<StaticUnderTest>(io);
}

std::unique_ptr<BackendUnderTest> MakeSmallConsulUnderTest(asio::io_context& io, std::string&) {
  return std::make_unique<SmallConsulUnderTest>(io);
}

std::unique_ptr<BackendUnderTest> MakeNamedConsulUnderTest(asio::io_context& io,
                                                           std::string& why_not) {
  std::string url = NamedConsulUrl();
  if (url.empty()) {
    why_not = "CONFAB_TEST_CONSUL names no agent";
    return nullptr;
  }
  return std::make_unique<ConsulUnderTest>(io, std::move(url),
                                           Variable("CONFAB_TEST_CONSUL_TOKEN"));
}

}  // namespace confab::discovery
