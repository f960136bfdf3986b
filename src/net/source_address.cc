#include "net/source_address.h"

#include <sys/socket.h>

#include "net/file_descriptor.h"
#include "net/os_address.h"

namespace confab::net {
namespace {

constexpr uint16_t kDiscardPort = 9;  // any will do

}  // namespace

std::optional<SocketAddress> SourceAddressTowards(const SocketAddress& remote) {
  const auto target = SocketAddress::Parse(remote.IpToString(), kDiscardPort);
  if (!target) return std::nullopt;
  const int family = target->family() == AddressFamily::kIpv4 ? AF_INET : AF_INET6;
  const FileDescriptor fd(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const OsAddress os = ToOs(*target);
  if (fd.value() < 0 || connect(fd.value(), os.get(), os.size) != 0) return std::nullopt;
  return SocketAddress::Parse(LocalAddressOf(fd.value()).IpToString(), 0);
}

}  // namespace confab::net
