#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/process/environment.h"
#include "app/process/service_tokens.h"
#include "backends/discovery/discovery.h"
#include "rpc/call_meter.h"
#include "rpc/channel.h"
#include "rpc/server.h"

namespace confab::app {

// How the services of this process speak gRPC with those of others: under which certificates, with
// which tokens (rpc.*, DATA_DIR/keys). On the io_context's thread; what it gives out may be used on
// any.
class ServiceLink {
 public:
  // `service`: in whose name this process calls. Error: kInvalidConfiguration, a file.
  static Result<std::unique_ptr<ServiceLink>> Open(const Environment& environment,
                                                   std::shared_ptr<auth::Authority> authority,
                                                   std::string service);

  rpc::ServerOptions ListenOn(const std::string& address, int64_t port) const;
  // For a server that is reached from within this process alone.
  rpc::ServerOptions ListenInProcess() const;
  rpc::TokenCheck Check(std::vector<std::string> services) const {
    return tokens_.Check(std::move(services));
  }
  rpc::TokenSource Tokens() const { return tokens_.Source(); }
  // nullptr where there can be none: the log says why.
  std::shared_ptr<grpc::Channel> ChannelTo(const discovery::Instance& instance) const;

 private:
  ServiceLink(const Environment& environment, rpc::Credentials credentials, ServiceTokens tokens);

  observe::Logger logger_;
  rpc::Credentials credentials_;
  ServiceTokens tokens_;
  // Shared with channels and servers.
  std::shared_ptr<rpc::CallMeter> made_ = std::make_shared<rpc::CallMeter>();
  std::shared_ptr<rpc::CallMeter> served_ = std::make_shared<rpc::CallMeter>();
  std::vector<std::shared_ptr<void>> sampled_metrics_;  // keeps them registered
};

// The protection that the configuration asks for.
rpc::Security SecurityOf(const Config::Rpc& config);

}  // namespace confab::app
