#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "app/rtp/room_program.h"

namespace confab::app {
namespace {

namespace json = boost::json;

// Ours to choose: ffmpeg uses what it is told.
constexpr uint32_t kOpusPayloadType = 100;
constexpr uint32_t kVp8PayloadType = 101;

class Play final : public RoomProgram {
 public:
  Play(const RtpRun& run, std::set<rtc::MediaKind> kinds)
      : RoomProgram(run), kinds_(std::move(kinds)) {}

 protected:
  asio::awaitable<Result<void>> Begin(const json::value&) override {
    for (const rtc::MediaKind kind : kinds_) {
      const auto added = co_await Add(kind);
      if (!added) co_return std::unexpected(added.error());
    }
    co_return Result<void>();
  }

  Arguments Program() const override { return PlayArguments(run().file, run().loop, streams_); }

  std::string Sentence() const override {
    if (run().print) {
      return fmt::format("{} is in the room {}. Play a file into it:", run().name, run().room);
    }
    return fmt::format("{} is in the room {} and plays; Ctrl-C ends it", run().name, run().room);
  }

 private:
  asio::awaitable<Result<void>> Add(rtc::MediaKind kind) {
    PlainStream stream;
    stream.kind = kind;
    // ffmpeg reads -ssrc as a signed number.
    stream.ssrc = random().U32() >> 1;
    stream.cname = room().participant_id();
    const bool is_video = kind == rtc::MediaKind::kVideo;
    stream.payload_type = is_video ? kVp8PayloadType : kOpusPayloadType;
    const auto id = co_await OpenTransport("send", /*comedia=*/true, stream);
    if (!id) co_return std::unexpected(id.error());
    if (run().srtp) {
      // Whoever sends chooses the key.
      stream.srtp_key = NewKey();
      json::object keys{{"cryptoSuite", kSrtpSuite}, {"keyBase64", stream.srtp_key}};
      json::object connect{{"transportId", *id}, {"srtpParameters", std::move(keys)}};
      const auto connected = co_await room().Ask("connectPlainTransport", std::move(connect));
      if (!connected) co_return std::unexpected(connected.error());
    }
    json::object produce{{"transportId", *id},
                         {"kind", is_video ? "video" : "audio"},
                         {"rtpParameters", RtpParameters(stream)}};
    const auto produced = co_await room().Ask("produce", std::move(produce));
    if (!produced) co_return std::unexpected(produced.error());
    streams_.push_back(std::move(stream));
    co_return Result<void>();
  }

  static json::object RtpParameters(const PlainStream& stream) {
    json::object codec{{"payloadType", stream.payload_type}};
    if (stream.kind == rtc::MediaKind::kVideo) {
      codec["mimeType"] = "video/VP8";
      codec["clockRate"] = 90000;
    } else {
      codec["mimeType"] = "audio/opus";
      codec["clockRate"] = 48000;
      codec["channels"] = 2;
    }
    return {{"codecs", json::array{std::move(codec)}},
            {"encodings", json::array{json::object{{"ssrc", stream.ssrc}}}},
            {"rtcp", {{"cname", stream.cname}}}};
  }

  std::set<rtc::MediaKind> kinds_;
  PlainStreams streams_;
};

// What the file has of sound and picture.
Result<std::set<rtc::MediaKind>> KindsOf(const std::string& file) {
  const auto lines = ChildProcess::Output(ProbeArguments(file));
  if (!lines) return std::unexpected(lines.error());
  std::set<rtc::MediaKind> kinds;
  if (lines->find("audio") != std::string::npos) kinds.insert(rtc::MediaKind::kAudio);
  if (lines->find("video") != std::string::npos) kinds.insert(rtc::MediaKind::kVideo);
  if (!kinds.empty()) return kinds;
  return Fail(ErrorCode::kUnavailable, fmt::format("{} has neither sound nor picture", file));
}

}  // namespace

int PlayCommand(const RtpRun& asked) {
  RtpRun run = asked;
  if (run.name.empty()) run.name = std::filesystem::path(run.file).stem().string();
  std::set<rtc::MediaKind> kinds{rtc::MediaKind::kAudio, rtc::MediaKind::kVideo};
  if (!run.print) {
    auto found = KindsOf(run.file);
    if (!found) {
      fmt::print(stderr, "confab rtp: {}\n", found.error().message);
      return 1;
    }
    kinds = std::move(*found);
  }
  return Play(run, std::move(kinds)).Run();
}

}  // namespace confab::app
