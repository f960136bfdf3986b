#include "app/drain/drain_command.h"

#include <fmt/format.h>
#include <grpcpp/client_context.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>
#include <thread>
#include <utility>

#include "app/process/service_link.h"
#include "app/process/service_tokens.h"
#include "app/serve/places.h"
#include "app/token/authority_options.h"
#include "auth/unix_time.h"
#include "confab/media/v1/media.grpc.pb.h"
#include "confab/media/v1/state.grpc.pb.h"
#include "rpc/channel.h"
#include "rpc/status.h"

namespace confab::app {
namespace {

namespace pb = media::v1;

constexpr auto kCallDeadline = std::chrono::seconds(5);
constexpr auto kWatchInterval = std::chrono::seconds(1);

struct HostPort {
  std::string host;
  uint16_t port = 0;
};

std::optional<HostPort> ParseHostPort(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  HostPort parsed{.host = text.substr(0, colon)};
  if (parsed.host.starts_with('[') && parsed.host.ends_with(']')) {
    parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  }
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, parsed.port);
  if (error != std::errc() || rest != end || parsed.port == 0) return std::nullopt;
  return parsed;
}

// The two interfaces of one media instance, each with the token of the service that may use it.
class Door {
 public:
  static Result<Door> Open(const DrainRun& run, const Config& config) {
    const auto address = ParseHostPort(run.address);
    if (!address) {
      return Fail(ErrorCode::kInvalidConfiguration,
                  fmt::format("\"{}\" is no HOST:PORT: give the address of the media instance's "
                              "gRPC (media.grpc_port)",
                              run.address));
    }
    const auto data_dir = ResolveDataDir(config.data_dir);
    if (!data_dir) return std::unexpected(data_dir.error());
    auto authority = auth::Authority::Open(AuthorityOptions(*data_dir), auth::UnixSeconds());
    if (!authority) return std::unexpected(authority.error());
    const std::shared_ptr<auth::Authority> keys = std::move(*authority);
    const auto credentials = rpc::Credentials::Load(SecurityOf(config.rpc));
    if (!credentials) return std::unexpected(credentials.error());
    const auto connect = [&](const char* service) {
      return rpc::Connect(address->host, address->port, *credentials,
                          ServiceTokens(keys, service, "drain").Source());
    };
    const auto control = connect("signaling");
    const auto state = connect("gateway");
    if (!control) return std::unexpected(control.error());
    if (!state) return std::unexpected(state.error());
    return Door(*control, *state);
  }

  grpc::Status Start(uint32_t deadline_s, pb::DrainState& state) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallDeadline);
    pb::DrainRequest request;
    request.set_deadline_ms(deadline_s * 1000);
    return control_->Drain(&context, request, &state);
  }
  grpc::Status Undo(pb::DrainState& state) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallDeadline);
    return control_->Undrain(&context, {}, &state);
  }
  grpc::Status Look(pb::DrainState& state) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallDeadline);
    pb::GetStateResponse response;
    const grpc::Status status = state_->GetState(&context, {}, &response);
    state.set_is_draining(response.is_draining());
    state.set_left_ms(response.drain_left_ms());
    state.set_routers_left(response.routers());
    return status;
  }

 private:
  // Shared: gRPC's own way to own a channel.
  Door(const std::shared_ptr<grpc::Channel>& control, const std::shared_ptr<grpc::Channel>& state)
      : control_(pb::Media::NewStub(control)), state_(pb::State::NewStub(state)) {}

  std::unique_ptr<pb::Media::Stub> control_;
  std::unique_ptr<pb::State::Stub> state_;
};

int Fails(const grpc::Status& status) {
  const Error error = rpc::ToError(status, "the media instance", ErrorCode::kMediaUnavailable);
  fmt::print(stderr, "confab: {}\n", error.message);
  return 1;
}

std::string Describe(const pb::DrainState& state) {
  if (!state.is_draining()) return fmt::format("open, {} rooms", state.routers_left());
  if (state.left_ms() == 0) return fmt::format("draining, {} rooms left", state.routers_left());
  return fmt::format("draining, {} rooms left, {} s until they go elsewhere", state.routers_left(),
                     (state.left_ms() + 999) / 1000);
}

// Until no room is left, or somebody has it take rooms again.
int Watch(Door& door, pb::DrainState state) {
  while (state.is_draining() && state.routers_left() > 0) {
    std::this_thread::sleep_for(kWatchInterval);
    if (const grpc::Status status = door.Look(state); !status.ok()) return Fails(status);
    fmt::print("{}\n", Describe(state));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int DrainCommand(const DrainRun& run, const Config& config) {
  auto door = Door::Open(run, config);
  if (!door) {
    fmt::print(stderr, "confab: {}\n", door.error().message);
    return 2;
  }
  pb::DrainState state;
  const grpc::Status status = run.is_undo ? door->Undo(state) : door->Start(run.deadline_s, state);
  if (!status.ok()) return Fails(status);
  fmt::print("{}\n", Describe(state));
  std::fflush(stdout);
  return run.is_watching && !run.is_undo ? Watch(*door, state) : 0;
}

}  // namespace confab::app
