#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/socket_address.h"
#include "net/file_descriptor.h"

namespace confab::net {

// A non-blocking TCP socket that takes connections, for a thread with a poll of its own (services
// with an io_context have net::HttpServer). Belongs to one thread.
class TcpListener {
 public:
  static constexpr int kBacklog = 128;

  // Port 0 takes any. An address in use is kInvalidConfiguration, one that this machine does not
  // have kUnavailable; both with the address in the sentence. IPv6 sockets take IPv6 only.
  static Result<TcpListener> Bind(const SocketAddress& address);

  const SocketAddress& local() const { return local_; }
  int fd() const { return fd_.value(); }

  struct Accepted {
    FileDescriptor fd;  // non-blocking
    SocketAddress remote;
  };
  // The next connection that waits; nullopt when there is none. One for which the process has no
  // descriptor left is closed and counted, so that poll can rest.
  std::optional<Accepted> Accept();
  uint64_t without_descriptor() const { return without_descriptor_; }

 private:
  TcpListener(FileDescriptor fd, FileDescriptor reserve, SocketAddress local)
      : fd_(std::move(fd)), reserve_(std::move(reserve)), local_(local) {}
  void CloseWaiting();

  FileDescriptor fd_;
  FileDescriptor reserve_;  // given up for a moment to take and close what cannot be kept
  SocketAddress local_;
  uint64_t without_descriptor_ = 0;
};

}  // namespace confab::net
