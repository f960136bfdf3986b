#pragma once

#include <string>

#include "net/asio.h"
#include "net/http_message.h"

namespace confab::net {

// Whom an https fetch trusts.
enum class TlsTrust {
  kSystem,          // the system's certificate authorities, and the name must match
  kAnyCertificate,  // for a service that asks itself under a self-made certificate
};

struct HttpFetchOptions {
  // No aggregate: GCC 12 destroys one twice that is made within a co_await expression.
  HttpFetchOptions() {}

  std::string method = "GET";
  HttpHeaders headers;
  std::string body;
  TimeDelta timeout = TimeDelta::Seconds(5);  // for the whole of it
  size_t max_body_bytes = 1024 * 1024;
  TlsTrust trust = TlsTrust::kSystem;
};

// Asks once, on a connection of its own, without following redirects. `url` is http:// or https://.
// Any status is a result. Error: kInvalidMessage (url), kUnavailable (with what failed: name,
// connection, time-out, broken answer).
asio::awaitable<Result<HttpResponse>> HttpFetch(std::string url, HttpFetchOptions options);

}  // namespace confab::net
