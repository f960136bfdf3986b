#include "backends/bus/testing/small_redis.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <thread>

#include "backends/bus/redis/reply.h"
#include "net/asio.h"

namespace confab::bus {
namespace {

using asio::ip::tcp;

}  // namespace

uint16_t SmallRedis::FreePort() {
  asio::io_context io;
  const tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  return acceptor.local_endpoint().port();
}

std::unique_ptr<SmallRedis> SmallRedis::Start(std::string& why_not,
                                              std::vector<std::string> arguments) {
  if (::access("/usr/bin/redis-server", X_OK) != 0) {
    why_not = "redis-server is not installed";
    return nullptr;
  }
  std::string folder = (std::filesystem::temp_directory_path() / "confab-redis-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    why_not = "no temporary folder can be made";
    return nullptr;
  }
  std::unique_ptr<SmallRedis> redis(new SmallRedis(folder, FreePort(), std::move(arguments)));
  if (redis->Begin()) return redis;
  why_not = "redis-server does not answer";
  return nullptr;
}

SmallRedis::SmallRedis(std::filesystem::path folder, uint16_t port,
                       std::vector<std::string> arguments)
    : folder_(std::move(folder)), port_(port), arguments_(std::move(arguments)) {}

SmallRedis::~SmallRedis() {
  Kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

RedisOptions SmallRedis::options() const {
  return {.host = "127.0.0.1", .port = port_};
}

void SmallRedis::Suspend() {
  ::kill(process_, SIGSTOP);
}

void SmallRedis::Resume() {
  ::kill(process_, SIGCONT);
}

void SmallRedis::Kill() {
  if (process_ < 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

bool SmallRedis::Begin() {
  std::vector<std::string> words{"redis-server",   "--port",    std::to_string(port_),
                                 "--bind",         "127.0.0.1", "--dir",
                                 folder_.string(), "--save",    "",
                                 "--logfile",      "redis.log"};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  std::vector<char*> raw;
  for (std::string& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  process_ = ::fork();
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that crashes leaves nothing behind
    const int nowhere = ::open("/dev/null", O_RDWR);
    if (nowhere >= 0) {
      ::dup2(nowhere, 1);
      ::dup2(nowhere, 2);
    }
    ::execv("/usr/bin/redis-server", raw.data());
    ::_exit(127);
  }
  constexpr int kTries = 1000;
  for (int i = 0; i < kTries; ++i) {
    const std::string answer = Command({"PING"});
    if (answer.starts_with("+PONG") || answer.starts_with("-NOAUTH")) return true;
    // For a process of another program, which tells nobody when it is ready.
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::string SmallRedis::Command(const std::vector<std::string>& words) const {
  asio::io_context io;
  tcp::socket socket(io);
  error_code ec;
  socket.connect({asio::ip::address_v4::loopback(), port_}, ec);
  if (ec) return "";
  asio::write(socket, asio::buffer(FormatCommand(words)), ec);
  std::string answer;
  asio::read_until(socket, asio::dynamic_buffer(answer), "\r\n", ec);
  return answer;
}

}  // namespace confab::bus
