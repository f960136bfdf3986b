#include "app/rtp/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>
#include <vector>

#include "net/clock.h"

namespace confab::app {
namespace {

// How soon an end is noticed: nobody feels it, and it costs nothing.
constexpr TimeDelta kEndPoll = TimeDelta::Millis(50);
constexpr int kSignalBase = 128;

int StatusOf(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : kSignalBase + WTERMSIG(wait_status);
}

Result<pid_t> Spawn(const Arguments& arguments, const posix_spawn_file_actions_t* actions) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) {
    pointers.push_back(const_cast<char*>(argument.c_str()));  // execvp(3) does not write to it
  }
  pointers.push_back(nullptr);
  pid_t pid = 0;
  // A group of its own: Ctrl-C is this program's, which asks the other one to end in order.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  const int error = posix_spawnp(&pid, pointers[0], actions, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  if (error == 0) return pid;
  const std::string hint = error == ENOENT ? "it is not installed (Debian: apt install ffmpeg)"
                                           : std::generic_category().message(error);
  return Fail(ErrorCode::kUnavailable,
              fmt::format("{} cannot be started: {}", arguments.front(), hint));
}

}  // namespace

Result<ChildProcess> ChildProcess::Start(const Arguments& arguments) {
  const Result<pid_t> pid = Spawn(arguments, nullptr);
  if (!pid) return std::unexpected(pid.error());
  return ChildProcess(*pid);
}

Result<std::string> ChildProcess::Output(const Arguments& arguments) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return Fail(ErrorCode::kUnavailable, std::generic_category().message(errno));
  }
  const net::FileDescriptor reader(ends[0]);
  net::FileDescriptor writer(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, writer.value(), STDOUT_FILENO);
  const Result<pid_t> pid = Spawn(arguments, &actions);
  posix_spawn_file_actions_destroy(&actions);
  writer = net::FileDescriptor();
  if (!pid) return std::unexpected(pid.error());
  std::string output;
  std::array<char, 4096> part;
  for (ssize_t got = 0; (got = read(reader.value(), part.data(), part.size())) > 0;) {
    output.append(part.data(), static_cast<size_t>(got));
  }
  int status = 0;
  waitpid(*pid, &status, 0);
  if (StatusOf(status) == 0) return output;
  return Fail(ErrorCode::kUnavailable,
              fmt::format("{} ended with status {}", arguments.front(), StatusOf(status)));
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), status_(other.status_) {}

ChildProcess::~ChildProcess() {
  if (pid_ == 0 || status()) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::optional<int> ChildProcess::status() {
  int wait_status = 0;
  if (!status_ && waitpid(pid_, &wait_status, WNOHANG) == pid_) status_ = StatusOf(wait_status);
  return status_;
}

void ChildProcess::Interrupt() {
  if (!status()) kill(pid_, SIGINT);
}

asio::awaitable<void> ChildProcess::Wait(net::Event& end, TimeDelta limit) {
  const Timestamp begin = net::MonotonicNow();
  while (!status() && !end.is_set() && net::MonotonicNow() - begin < limit) {
    co_await end.Wait(kEndPoll);
  }
}

}  // namespace confab::app
