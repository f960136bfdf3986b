// attacker COMMAND --name=value …: what a server must bear while a call is in progress. Prints what
// it did as one line of JSON; status 1 with a sentence where it could not, 3 where it may not.
//
//   stun   --to=IP:PORT --user=UFRAG:UFRAG --rate=N --ms=N --sockets=N   requests, wrong password
//   hello  --to=IP:PORT --rate=N --ms=N --sockets=N                      DTLS ClientHellos
//   replay --port=N --ms=N --patience=MS --packets=N --times=N --from=sender|stranger
//          --shape=whole|forged|truncated|oversized                      what others have sent
//   member --url=URL --room=NAME --ssrcs=N --rtcp=N                      joined, and misbehaving
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <cstdio>
#include <string>

#include "base/random.h"
#include "client/testing/flood.h"
#include "client/testing/options.h"
#include "client/testing/replay.h"
#include "client/testing/rude_member.h"

namespace confab::client {
namespace {

namespace json = boost::json;

constexpr int kForbiddenStatus = 3;
// Different ones, used in a circle.
constexpr size_t kStunRequests = 4096;
constexpr size_t kClientHellos = 64;
constexpr uint32_t kMaxPerSecond = 1'000'000;
constexpr uint32_t kMaxMs = 60'000;

int End(const Error& error) {
  std::fprintf(stderr, "attacker: %s\n", error.message.c_str());
  return error.code == ErrorCode::kForbidden ? kForbiddenStatus : 1;
}

int End(const json::object& result) {
  std::printf("%s\n", json::serialize(result).c_str());
  return 0;
}

TimeDelta Duration(const Options& options) {
  return TimeDelta::Millis(std::min(options.Number("ms", 1000), kMaxMs));
}

int RunFlood(const Options& options, const Datagrams& datagrams) {
  const auto to = options.Address("to");
  if (!to) return End(Error{ErrorCode::kInvalidConfiguration, "--to=IP:PORT is missing"});
  const auto result = Flood({.to = *to,
                             .per_second = std::min(options.Number("rate", 1000), kMaxPerSecond),
                             .duration = Duration(options),
                             .sockets = options.Number("sockets", 1)},
                            datagrams);
  if (!result) return End(result.error());
  return End(json::object{
      {"sent", result->sent}, {"refused", result->refused}, {"seconds", result->took.seconds()}});
}

int RunStun(const Options& options) {
  SecureRandom random;
  return RunFlood(
      options, ForgedStunRequests(options.Text("user", "nobody:nothing"), kStunRequests, random));
}

ReplayShape ShapeOf(std::string_view name) {
  if (name == "forged") return ReplayShape::kForged;
  if (name == "truncated") return ReplayShape::kTruncated;
  return name == "oversized" ? ReplayShape::kOversized : ReplayShape::kWhole;
}

int RunReplay(const Options& options) {
  const bool is_stranger = options.Text("from") == "stranger";
  const auto result =
      Replay({.port = static_cast<uint16_t>(options.Number("port", 0)),
              .listen = Duration(options),
              .patience = TimeDelta::Millis(options.Number("patience", 0)),
              .on_listening =
                  [] {
                    std::puts("listening");
                    std::fflush(stdout);
                  },
              .max_packets = options.Number("packets", 2000),
              .times = options.Number("times", 1),
              .source = is_stranger ? ReplaySource::kStranger : ReplaySource::kSender,
              .shape = ShapeOf(options.Text("shape"))});
  if (!result) return End(result.error());
  return End(json::object{{"stun", result->captured_stun},
                          {"dtls", result->captured_dtls},
                          {"rtp", result->captured_rtp},
                          {"rtcp", result->captured_rtcp},
                          {"sent", result->sent}});
}

int RunMember(const Options& options) {
  RudeOptions rude;
  rude.url = options.Text("url");
  rude.room = options.Text("room");
  rude.name = "Rude";
  rude.ssrcs = options.Number("ssrcs", 0);
  rude.compounds = options.Number("rtcp", 0);
  const auto certificate = rtc::DtlsCertificate::Generate();
  if (!certificate) return End(Error{ErrorCode::kInternal, "OpenSSL cannot make a certificate"});
  SecureRandom random;
  asio::io_context io(1);
  RudeMember member(std::move(rude), *certificate, random);
  Result<RudeResult> result;
  const auto run = [&]() -> asio::awaitable<void> {
    result = co_await member.Run();
    io.stop();
  };
  asio::co_spawn(io, run, asio::detached);
  io.run();
  if (!result) return End(result.error());
  return End(
      json::object{{"rtp", result->rtp}, {"rtcp", result->rtcp}, {"consumers", result->consumers}});
}

int Run(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::string_view command = argc > 1 ? argv[1] : "";
  const Options options(argc, argv);
  if (command == "stun") return RunStun(options);
  if (command == "hello") return RunFlood(options, ClientHellos(kClientHellos));
  if (command == "replay") return RunReplay(options);
  if (command == "member") return RunMember(options);
  return End(Error{ErrorCode::kInvalidConfiguration, "stun, hello, replay or member?"});
}

}  // namespace
}  // namespace confab::client

int main(int argc, char** argv) {
  return confab::client::Run(argc, argv);
}
