#pragma once

#include "base/units.h"
#include "net/http_message.h"

namespace confab::gateway {

// 429 for who is beyond a rate; in `wait` there is a place again.
net::HttpResponse TooMany(const net::HttpRequest& request, TimeDelta wait);

}  // namespace confab::gateway
