#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <vector>

#include "app/rtp/new_file.h"
#include "app/rtp/received_stream.h"
#include "app/rtp/room_program.h"
#include "app/rtp/session_description.h"
#include "app/rtp/udp_ports.h"
#include "client/signaling/json_fields.h"
#include "net/clock.h"

namespace confab::app {
namespace {

namespace json = boost::json;
using client::Find;
using client::ListOf;
using client::TextOf;

// How long the program may take until it listens.
constexpr TimeDelta kListenLimit = TimeDelta::Seconds(15);
constexpr TimeDelta kListenPoll = TimeDelta::Millis(50);
// As many transports as the server lets a participant have: each stream has its own.
constexpr size_t kMostStreams = 4;

std::string DescriptionOf(const RtpRun& run) {
  return run.file + ".sdp";
}

// Empty: nothing is in the way of what is to be written.
std::string InTheWay(const RtpRun& run) {
  std::error_code ignored;
  if (!run.print && std::filesystem::exists(run.file, ignored)) return run.file;
  const std::string description = DescriptionOf(run);
  return std::filesystem::exists(description, ignored) ? description : std::string();
}

class Record final : public RoomProgram {
 public:
  using RoomProgram::RoomProgram;
  ~Record() override {
    std::error_code ignored;
    const bool is_ours = !description_.empty() && !run().print;
    if (is_ours) std::filesystem::remove(description_, ignored);
  }

 protected:
  asio::awaitable<Result<void>> Begin(const json::value& joined) override {
    const auto participant = FindParticipant(joined);
    if (!participant) co_return std::unexpected(participant.error());
    room().set_event_handler([this](const socketio::ClientEvent& event) { Hear(event); });
    const auto producers = co_await room().Ask("getProducers", json::object());
    if (!producers) co_return std::unexpected(producers.error());
    const ChosenProducers chosen = ChooseProducers(*producers, *participant, kMostStreams);
    left_out_ = chosen.left_out;
    for (const std::string& id : chosen.ids) {
      const auto added = co_await Add(id);
      if (!added) co_return std::unexpected(added.error());
    }
    if (streams_.empty()) {
      co_return Fail(ErrorCode::kUnavailable,
                     fmt::format("{} sends neither sound nor picture now", run().participant));
    }
    co_return Describe();
  }

  Arguments Program() const override { return RecordArguments(description_, run().file); }

  std::string Sentence() const override {
    const std::string what =
        streams_.size() == 1 ? "1 stream" : fmt::format("{} streams", streams_.size());
    const std::string more =
        left_out_ == 0 ? "" : fmt::format(" ({} more: {} is the most)", left_out_, kMostStreams);
    if (run().print) {
      return fmt::format("{} of {}{} will be sent to {} when somebody listens there:", what,
                         run().participant, more, run().ip);
    }
    return fmt::format("{} of {}{} recorded to {}; Ctrl-C ends it", what, run().participant, more,
                       run().file);
  }

  // What is sent before the program listens would be lost, the first keyframe with it.
  asio::awaitable<Result<void>> Started() override {
    const Timestamp begin = net::MonotonicNow();
    const TimeDelta limit = run().print ? TimeDelta::Infinite() : kListenLimit;
    while (!end().is_set() && !is_over() && !EverybodyListens()) {
      if (net::MonotonicNow() - begin >= limit) {
        co_return Fail(ErrorCode::kUnavailable, "ffmpeg does not listen");
      }
      co_await end().Wait(kListenPoll);
    }
    if (is_over()) co_return Result<void>();  // why is told by whoever watches
    for (const std::string& id : consumers_) {
      json::object request{{"consumerId", id}};
      const auto resumed = co_await room().Ask("resumeConsumer", std::move(request));
      if (!resumed) co_return std::unexpected(resumed.error());
    }
    co_return Result<void>();
  }

  // The server says goodbye for them to ffmpeg, which then ends by itself. An interruption alone
  // would be noticed with the next packet only.
  asio::awaitable<bool> Ending() override {
    for (const std::string& id : consumers_) {
      json::object request{{"consumerId", id}};
      (void)co_await room().Ask("closeConsumer", std::move(request));
    }
    co_return true;
  }

  Result<void> Finished() override {
    std::error_code error;
    if (std::filesystem::file_size(run().file, error) > 0 && !error) return {};
    return Fail(ErrorCode::kUnavailable, "it ended before anything was recorded");
  }

 private:
  bool EverybodyListens() const {
    return std::ranges::all_of(streams_, [](const PlainStream& stream) {
      return IsBound(stream.port) && IsBound(stream.rtcp_port);
    });
  }

  // By id or, of several with one name, the first.
  Result<std::string> FindParticipant(const json::value& joined) const {
    std::string names;
    for (const json::value& participant : ListOf(joined, "participants")) {
      const std::string_view id = TextOf(participant, "id"), name = TextOf(participant, "name");
      if (id == run().participant || name == run().participant) return std::string(id);
      fmt::format_to(std::back_inserter(names), "{}{}", names.empty() ? "" : ", ", name);
    }
    return Fail(ErrorCode::kUnavailable,
                fmt::format("nobody in the room {} is called {}; there {}", run().room,
                            run().participant, names.empty() ? "is nobody" : "is: " + names));
  }

  asio::awaitable<Result<void>> Add(std::string producer_id) {
    PlainStream server;
    const auto transport = co_await OpenTransport("recv", /*comedia=*/false, server);
    if (!transport) co_return std::unexpected(transport.error());
    const auto port = FindFreePortPair(run().ip);
    if (!port) co_return std::unexpected(port.error());
    json::object connect{
        {"transportId", *transport}, {"ip", run().ip}, {"port", *port}, {"rtcpPort", *port + 1}};
    if (run().srtp) {
      connect["srtpParameters"] = {{"cryptoSuite", kSrtpSuite}, {"keyBase64", NewKey()}};
    }
    const auto connected = co_await room().Ask("connectPlainTransport", std::move(connect));
    if (!connected) co_return std::unexpected(connected.error());

    json::object consume{{"transportId", *transport},
                         {"producerId", producer_id},
                         {"rtpCapabilities", PlainCapabilities(room().router_capabilities())},
                         {"paused", true}};
    const auto consumer = co_await room().Ask("consume", std::move(consume));
    if (!consumer) co_return std::unexpected(consumer.error());
    auto stream = ParseReceivedStream(*consumer);
    if (!stream) co_return std::unexpected(stream.error());
    stream->ip = run().ip;
    stream->port = *port;
    stream->rtcp_port = *port + 1;
    stream->srtp_key = server.srtp_key;
    streams_.push_back(std::move(*stream));
    consumers_.emplace_back(TextOf(*consumer, "id"));
    producers_.push_back(std::move(producer_id));
    co_return Result<void>();
  }

  Result<void> Describe() {
    const std::string file = DescriptionOf(run());
    const auto written = WriteNewFile(file, SessionDescription(streams_));
    if (!written) return written;
    description_ = file;
    return {};
  }

  void Hear(const socketio::ClientEvent& event) {
    if (event.name != "producerClosed") return;
    std::erase(producers_, TextOf(event.arguments.At(0), "producerId"));
    if (producers_.empty() && !streams_.empty()) end().Set();
  }

  PlainStreams streams_;
  std::vector<std::string> consumers_;
  std::vector<std::string> producers_;  // that have not ended
  size_t left_out_ = 0;                 // that there was no room for
  std::string description_;             // the file that was made; empty: none
};

}  // namespace

int RecordCommand(const RtpRun& asked) {
  RtpRun run = asked;
  if (run.name.empty()) run.name = "Recorder";
  if (const std::string file = InTheWay(run); !file.empty()) {
    fmt::print(stderr, "confab rtp: {} exists already: give the recording another name\n", file);
    return 1;
  }
  return Record(run).Run();
}

}  // namespace confab::app
