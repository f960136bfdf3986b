#include "net/tcp_listener.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "net/os_address.h"

namespace confab::net {
namespace {

FileDescriptor OpenReserve() {
  return FileDescriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace

Result<TcpListener> TcpListener::Bind(const SocketAddress& address) {
  const OsAddress os = ToOs(address);
  FileDescriptor fd(socket(os.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const auto failed = [&address](const char* what) {
    const bool is_absent = errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT;
    return Fail(is_absent ? ErrorCode::kUnavailable : ErrorCode::kInvalidConfiguration,
                fmt::format("cannot {} TCP {}: {}", what, address.ToString(),
                            std::generic_category().message(errno)));
  };
  if (fd.value() < 0) return failed("open a socket for");
  const int on = 1;
  if (os.storage.ss_family == AF_INET6) {
    setsockopt(fd.value(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
  }
  // Connections of an earlier run in TIME_WAIT do not keep the port; another listener does.
  setsockopt(fd.value(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(fd.value(), os.get(), os.size) != 0) return failed("bind");
  if (listen(fd.value(), kBacklog) != 0) return failed("listen on");
  const SocketAddress local = LocalAddressOf(fd.value());
  if (local.family() == AddressFamily::kNone) return failed("read the address of");
  return TcpListener(std::move(fd), OpenReserve(), local);
}

std::optional<TcpListener::Accepted> TcpListener::Accept() {
  sockaddr_storage from{};
  socklen_t size = sizeof(from);
  FileDescriptor fd(accept4(fd_.value(), reinterpret_cast<sockaddr*>(&from), &size,
                            SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (fd.value() >= 0) return Accepted{std::move(fd), FromOs(from)};
  // Whatever else is wrong belongs to a connection that is gone, or is told again by poll.
  if (errno == EMFILE || errno == ENFILE) CloseWaiting();
  return std::nullopt;
}

void TcpListener::CloseWaiting() {
  reserve_ = FileDescriptor();
  {
    const FileDescriptor refused(accept4(fd_.value(), nullptr, nullptr, SOCK_CLOEXEC));
    if (refused.value() >= 0) ++without_descriptor_;
  }
  reserve_ = OpenReserve();
}

}  // namespace confab::net
