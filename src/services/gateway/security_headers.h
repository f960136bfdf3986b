#pragma once

#include "net/http_message.h"

namespace confab::gateway {

// What every response of the gateway carries: nothing is loaded from third parties, no page may
// frame ours, the room's name in the address is told to nobody, devices are for our own pages.
net::HttpHeaders SecurityHeaders();

// Strict-Transport-Security besides, for a certificate that browsers trust: with a self-made one it
// would lock people out after a renewal.
void AddTransportSecurity(net::HttpHeaders& headers);

}  // namespace confab::gateway
