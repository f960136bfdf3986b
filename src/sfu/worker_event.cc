#include "sfu/worker_event.h"

#include "sfu/transport.h"

namespace confab::sfu {

TransportClosed DescribeClosing(const Transport& transport, std::string_view reason) {
  return {.router_id = transport.router_id(),
          .transport_id = transport.id(),
          .reason = reason,
          .scope = transport.scope(),
          .figures = FiguresOf(transport)};
}

}  // namespace confab::sfu
