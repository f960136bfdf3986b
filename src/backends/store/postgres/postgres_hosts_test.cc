// A URL with several hosts, or one whose name has several addresses.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

#include "backends/store/postgres/connection_parameters.h"
#include "backends/store/postgres/postgres_database.h"
#include "backends/store/testing/postgres_server.h"
#include "backends/store/testing/wait_for.h"

namespace confab::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// For a second attempt where the machine was too busy for the first.
constexpr TimeDelta kLongWait = TimeDelta::Seconds(10);

// A host that takes connections into its queue and never says a word.
class SilentHost {
 public:
  explicit SilentHost(asio::io_context& io)
      : acceptor_(io, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    acceptor_.non_blocking(true);
  }
  std::string place() const {
    return fmt::format("127.0.0.1:{}", acceptor_.local_endpoint().port());
  }
  // How many have come since the last time.
  int TakeConnections() {
    int taken = 0;
    error_code failed;
    while (true) {
      const asio::ip::tcp::socket peer = acceptor_.accept(failed);
      if (failed) return taken;
      ++taken;
    }
  }

 private:
  asio::ip::tcp::acceptor acceptor_;
};

// A way to PostgreSQL on which each answer takes its time.
class SlowWay {
 public:
  using Tcp = asio::ip::tcp;
  SlowWay(asio::io_context& io, uint16_t port, std::chrono::milliseconds delay)
      : acceptor_(io, Tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        server_(asio::ip::address_v4::loopback(), port),
        delay_(delay) {
    asio::co_spawn(io, Accept(), asio::detached);
  }
  std::string place() const {
    return fmt::format("127.0.0.1:{}", acceptor_.local_endpoint().port());
  }

 private:
  using Ends = std::shared_ptr<std::pair<Tcp::socket, Tcp::socket>>;  // the client's, the server's
  static constexpr auto kHere = asio::as_tuple(asio::use_awaitable);

  asio::awaitable<void> Accept() {
    while (true) {
      auto [failed, client] = co_await acceptor_.async_accept(kHere);
      if (failed) co_return;
      const auto io = client.get_executor();
      Tcp::socket server(io);
      server.connect(server_);
      const Ends ends = std::make_shared<Ends::element_type>(std::move(client), std::move(server));
      asio::co_spawn(io, Carry(ends, ends->first, ends->second, {}), asio::detached);
      asio::co_spawn(io, Carry(ends, ends->second, ends->first, delay_), asio::detached);
    }
  }
  static asio::awaitable<void> Carry(Ends, Tcp::socket& from, Tcp::socket& to,
                                     std::chrono::milliseconds delay) {
    std::array<char, 8192> bytes{};
    asio::steady_timer pause(from.get_executor());
    while (true) {
      const auto [failed, size] = co_await from.async_read_some(asio::buffer(bytes), kHere);
      pause.expires_after(delay);
      co_await pause.async_wait(kHere);
      error_code closed;
      if (failed) to.shutdown(Tcp::socket::shutdown_send, closed);
      if (failed) co_return;
      co_await asio::async_write(to, asio::buffer(bytes, size), kHere);
    }
  }

  Tcp::acceptor acceptor_;
  Tcp::endpoint server_;
  std::chrono::milliseconds delay_;
};

// "HOST:PORT".
std::string PlaceOf(const std::string& url) {
  const size_t at = url.find('@') + 1;
  return url.substr(at, url.find('/', at) - at);
}

class PostgresHostsTest : public testing::Test {
 protected:
  using Answer = StoreResult<std::vector<Rows>>;

  void SetUp() override {
    std::string why_not;
    server_ = PostgresServer::Shared(why_not);
    if (server_ == nullptr) GTEST_SKIP() << why_not;
    url_ = server_->MakeDatabase();
    // The address itself, so that there is one.
    place_ = "127.0.0.1" + PlaceOf(url_).substr(std::string_view("localhost").size());
  }
  void TearDown() override {
    database_.reset();
    io_.restart();
    io_.poll();
  }

  void Open(const std::string& places, PostgresOptions options) {
    options.url = url_;
    options.url.replace(options.url.find(PlaceOf(url_)), PlaceOf(url_).size(), places);
    database_ = std::move(*PostgresDatabase::Make(io_, std::move(options)));
  }
  std::unique_ptr<Running<Answer>> Begin(std::string_view sql) {
    std::vector<Statement> statements;
    statements.push_back(Statement(sql));
    return std::make_unique<Running<Answer>>(io_, database_->Transact(std::move(statements)));
  }

  asio::io_context io_;
  PostgresServer* server_ = nullptr;
  std::string url_;
  std::string place_;
  std::unique_ptr<PostgresDatabase> database_;
};

TEST_F(PostgresHostsTest, GoesOnToTheNextHostWhereOneNeverAnswers) {
  SilentHost silent(io_);
  // A second attempt would come too late for the call.
  constexpr TimeDelta kLimit = TimeDelta::Seconds(4);
  Open(silent.place() + "," + place_, {.connect_limit = kLimit, .wait_limit = kLimit});
  const auto answer = Begin("CREATE TABLE things (name text NOT NULL)")->Wait();
  EXPECT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(silent.TakeConnections(), 1);
  EXPECT_EQ(PostgresServer::Ask(url_, "SELECT count(*) FROM things"), "0");
}

TEST_F(PostgresHostsTest, TakesItsTimeWithOneThatSpeaksSlowly) {
  const auto port = static_cast<uint16_t>(std::stoi(place_.substr(place_.find(':') + 1)));
  // Each word comes in time, and there are two at least until somebody is logged in.
  SlowWay way(io_, port, std::chrono::milliseconds(800));
  Open(way.place(), {.connect_limit = TimeDelta::Millis(1500), .wait_limit = kLongWait});
  const auto answer = Begin("CREATE TABLE things (name text NOT NULL)")->Wait();
  EXPECT_TRUE(answer) << answer.error().message;
}

TEST_F(PostgresHostsTest, GoesOnToTheServerThatTakesWrites) {
  std::string why_not;
  const auto reader = PostgresServer::Start(why_not);
  ASSERT_TRUE(reader) << why_not;
  const std::string reader_url = reader->MakeDatabase();
  PostgresServer::Ask(reader_url, "ALTER ROLE postgres SET default_transaction_read_only = on");
  Open(PlaceOf(reader_url) + "," + place_, {});
  const auto answer = Begin("CREATE TABLE things (name text NOT NULL)")->Wait();
  EXPECT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(PostgresServer::Ask(url_, "SELECT count(*) FROM things"), "0");
}

TEST_F(PostgresHostsTest, TellsWhatBecameOfEachHost) {
  SilentHost silent(io_);
  const std::string closed = SilentHost(io_).place();
  Open(silent.place() + "," + closed,
       {.connect_limit = TimeDelta::Millis(400), .wait_limit = TimeDelta::Seconds(2)});
  const auto refused = Begin("SELECT 1")->Wait();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("(127.0.0.1: it took too long; "));
  EXPECT_THAT(refused.error().message, HasSubstr("refused"));
}

// What FindServers says of each server, parted by spaces.
std::vector<std::string> Found(const std::string& url, const std::vector<std::string>& keywords) {
  asio::io_context io;
  auto servers = WaitFor(io, FindServers(*ParseConnectionUrl(url), TimeDelta::Seconds(10)));
  if (!servers) return {servers.error().message};
  std::vector<std::string> found;
  for (ConnectionParameters& server : *servers) {
    std::string& words = found.emplace_back();
    for (const std::string& keyword : keywords) {
      words += (words.empty() ? "" : " ") + server[keyword];
    }
  }
  return found;
}

TEST(PostgresServers, AreTriedOneByOneInTheOrderOfTheUrl) {
  const std::vector<std::string> where = {"host", "hostaddr", "port", "dbname"};
  EXPECT_THAT(Found("postgresql:///d?host=127.0.0.2,/run,::1&port=1,2,3", where),
              ElementsAre("127.0.0.2 127.0.0.2 1 d", "/run  2 d", "::1 ::1 3 d"));
  EXPECT_THAT(Found("postgresql:///d?host=a,b&hostaddr=10.0.0.1,10.0.0.2&port=5", where),
              ElementsAre("a 10.0.0.1 5 d", "b 10.0.0.2 5 d"));
  EXPECT_THAT(Found("postgresql:///d?host=/run&port=5", where), ElementsAre("/run  5 d"));
}

TEST(PostgresServers, AreLeftToLibpqWhereTheListsDoNotMatch) {
  EXPECT_THAT(Found("postgresql:///d?host=a,b&port=1,2,3", {"host", "port"}),
              ElementsAre("a,b 1,2,3"));
}

TEST(PostgresServers, AreSixteenAtMost) {
  std::string hosts = "127.0.0.1";
  for (int i = 2; i <= 20; ++i) hosts += fmt::format(",127.0.0.{}", i);
  const auto found = Found("postgresql:///d?host=" + hosts, {"hostaddr"});
  ASSERT_EQ(found.size(), 16u);
  EXPECT_EQ(found.back(), "127.0.0.16");
}

TEST(PostgresServers, AreAllAskedForAStandbyBeforeAnyIsTaken) {
  EXPECT_THAT(
      Found("postgresql:///d?host=127.0.0.1,127.0.0.2&target_session_attrs=prefer-standby",
            {"hostaddr", "target_session_attrs"}),
      ElementsAre("127.0.0.1 standby", "127.0.0.2 standby", "127.0.0.1 any", "127.0.0.2 any"));
}

}  // namespace
}  // namespace confab::store
