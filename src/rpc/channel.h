#pragma once

#include <grpcpp/channel.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "rpc/call_meter.h"
#include "rpc/security.h"
#include "rpc/token.h"

namespace confab::rpc {

// A channel to another process. Every call takes a token along, and is counted by the meter. It
// connects with the first call and again whenever it has to; calls meanwhile fail with UNAVAILABLE.
// Those that change nothing (kServiceConfig in channel.cc) are repeated, a few times and only then;
// all others never. `host` is a name or an address. Error kInvalidConfiguration: plain text would
// leave the machine, or `host` is neither. Thread-safe.
Result<std::shared_ptr<grpc::Channel>> Connect(const std::string& host, uint16_t port,
                                               const Credentials& credentials, TokenSource tokens,
                                               std::shared_ptr<CallMeter> meter = nullptr);

// What every channel does with every call: the token, and the meter where there is one.
std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
ChannelInterceptors(TokenSource tokens, std::shared_ptr<CallMeter> meter);

}  // namespace confab::rpc
