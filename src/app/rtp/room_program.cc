#include "app/rtp/room_program.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <csignal>

#include "base/base64.h"
#include "client/signaling/json_fields.h"

namespace confab::app {
namespace {

namespace json = boost::json;

// ffmpeg needs a moment to write the end of its file.
constexpr TimeDelta kFinish = TimeDelta::Seconds(5);
constexpr size_t kSrtpKeySize = 30;  // 16 octets of key and 14 of salt (RFC 3711 §8.2)

}  // namespace

int RoomProgram::Run() {
  std::signal(SIGPIPE, SIG_IGN);
  asio::co_spawn(io_, Live(), asio::detached);
  io_.run();
  return failed_ ? 1 : 0;
}

asio::awaitable<void> RoomProgram::Live() {
  const Result<void> done = co_await Work();
  Report(done);
  if (program_) {
    co_await EndProgram();
    if (done) Report(Finished());
  }
  if (room_) co_await room_->Leave();
  io_.stop();  // time limits of what is done may still be pending
}

asio::awaitable<void> RoomProgram::EndProgram() {
  net::Event never(io_.get_executor());
  if (co_await Ending()) co_await program_->Wait(never, kFinish);
  program_->Interrupt();
  co_await program_->Wait(never, kFinish);
  program_.reset();
}

void RoomProgram::Report(const Result<void>& done) {
  if (done) return;
  failed_ = true;
  fmt::print(stderr, "confab rtp: {}\n", done.error().message);
}

asio::awaitable<Result<void>> RoomProgram::Work() {
  client::RoomOptions options;
  options.url = run_.url;
  options.room = run_.room;
  options.name = run_.name;
  options.token = run_.token;
  auto connected = co_await client::RoomConnection::Connect(std::move(options));
  if (!connected) co_return std::unexpected(connected.error());
  room_ = std::move(*connected);
  const auto joined = co_await room_->Join();
  if (!joined) co_return std::unexpected(joined.error());
  if (const auto begun = co_await Begin(*joined); !begun) co_return begun;
  if (!run_.print) {
    auto started = ChildProcess::Start(Program());
    if (!started) co_return std::unexpected(started.error());
    program_.emplace(std::move(*started));
  }
  fmt::print("{}\n", Sentence());
  if (run_.print) fmt::print("\n  {}\n\n", ShellCommand(Program()));
  std::fflush(stdout);
  if (const auto started = co_await Started(); !started) co_return started;
  co_return co_await Watch();
}

bool RoomProgram::is_over() {
  return room_->ended().is_set() || (program_ && program_->status());
}

// Until there is a reason to end, from here, from the program or from the server.
asio::awaitable<Result<void>> RoomProgram::Watch() {
  constexpr TimeDelta kLook = TimeDelta::Millis(100);
  while (!end().is_set() && !room_->ended().is_set()) {
    if (program_) {
      co_await program_->Wait(end(), kLook);
      if (program_->status()) break;
    } else {
      co_await end().Wait(kLook);
    }
  }
  if (!end().is_set() && room_->ended().is_set()) co_return room_->reason();
  const int status = program_ ? program_->status().value_or(0) : 0;
  if (end().is_set() || status == 0) co_return Result<void>();
  co_return Fail(ErrorCode::kUnavailable,
                 fmt::format("{} ended with status {}", Program().front(), status));
}

asio::awaitable<Result<std::string>> RoomProgram::OpenTransport(std::string_view direction,
                                                                bool comedia, PlainStream& stream) {
  // ffmpeg sends RTP and RTCP from two ports, and neither it nor GStreamer multiplexes them.
  json::object wish{{"direction", direction},
                    {"rtcpMux", false},
                    {"comedia", comedia},
                    {"enableSrtp", run_.srtp}};
  const auto made = co_await room_->Ask("createPlainTransport", std::move(wish));
  if (!made) co_return std::unexpected(made.error());
  const json::value* tuple = client::Find(*made, "tuple");
  const json::value* rtcp_tuple = client::Find(*made, "rtcpTuple");
  const auto port = tuple == nullptr ? std::nullopt : client::NumberOf(*tuple, "localPort", 65535);
  const auto rtcp_port =
      rtcp_tuple == nullptr ? std::nullopt : client::NumberOf(*rtcp_tuple, "localPort", 65535);
  std::string id(client::TextOf(*made, "id"));
  if (!port || !rtcp_port || id.empty()) {
    co_return Fail(ErrorCode::kInvalidMessage, "createPlainTransport: the answer names no ports");
  }
  stream.ip = client::TextOf(*tuple, "localAddress");
  stream.port = static_cast<uint16_t>(*port);
  stream.rtcp_port = static_cast<uint16_t>(*rtcp_port);
  if (const json::value* keys = client::Find(*made, "srtpParameters")) {
    stream.srtp_key = client::TextOf(*keys, "keyBase64");
  }
  room_->Own(id);
  co_return id;
}

std::string RoomProgram::NewKey() {
  std::array<uint8_t, kSrtpKeySize> key{};
  random_.Fill(key);
  return ToBase64(key);
}

}  // namespace confab::app
