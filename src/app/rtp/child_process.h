#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "app/rtp/ffmpeg_arguments.h"
#include "base/error.h"
#include "net/asio.h"
#include "net/event.h"
#include "net/file_descriptor.h"

namespace confab::app {

// Another program, found by the PATH, that shares this one's streams. Does not outlive this object.
// One thread.
class ChildProcess {
 public:
  // Error kUnavailable: it cannot be started, with what to install where it is not there.
  static Result<ChildProcess> Start(const Arguments& arguments);
  // Runs it to its end; what it wrote to stdout. Errors: as Start's, and where it failed.
  static Result<std::string> Output(const Arguments& arguments);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();  // kills it where it still runs

  // Returns when it has ended, or when `end` is set: status() tells which.
  asio::awaitable<void> Wait(net::Event& end, TimeDelta limit = TimeDelta::Infinite());
  // The exit status, 128 and more for a signal as shells have it; nullopt: it runs.
  std::optional<int> status();
  // Asks it to end in order (SIGINT, which makes ffmpeg finish its file).
  void Interrupt();

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}

  pid_t pid_;
  std::optional<int> status_;
};

}  // namespace confab::app
