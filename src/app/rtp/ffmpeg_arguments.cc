#include "app/rtp/ffmpeg_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace confab::app {
namespace {

// Of an RTP packet: with IP and UDP it fits every path that WebRTC itself uses.
constexpr int kPacketSize = 1200;

void Append(Arguments& arguments, std::initializer_list<std::string_view> more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
}

void AppendEncoder(Arguments& arguments, rtc::MediaKind kind) {
  switch (kind) {
    case rtc::MediaKind::kVideo:
      return Append(arguments, {"-map", "0:v:0", "-c:v", "libvpx", "-deadline", "realtime",
                                "-cpu-used", "8", "-pix_fmt", "yuv420p", "-b:v", "1500k",
                                "-force_key_frames", "expr:gte(t,n_forced*2)"});
    case rtc::MediaKind::kAudio:
      return Append(arguments, {"-map", "0:a:0", "-c:a", "libopus", "-b:a", "64k", "-ar", "48000",
                                "-ac", "2"});
  }
}

std::string Host(const std::string& ip) {
  return ip.find(':') == ip.npos ? ip : fmt::format("[{}]", ip);
}

void AppendTarget(Arguments& arguments, const PlainStream& stream) {
  Append(arguments, {"-f", "rtp", "-ssrc", fmt::format("{}", stream.ssrc), "-payload_type",
                     fmt::format("{}", stream.payload_type)});
  const bool is_secure = !stream.srtp_key.empty();
  if (is_secure) {
    Append(arguments, {"-srtp_out_suite", kSrtpSuite, "-srtp_out_params", stream.srtp_key});
  }
  arguments.push_back(fmt::format("{}://{}:{}?rtcpport={}&pkt_size={}", is_secure ? "srtp" : "rtp",
                                  Host(stream.ip), stream.port, stream.rtcp_port, kPacketSize));
}

bool IsPlain(char character) {
  constexpr std::string_view kPlain = "-_./:=,+@%";
  return std::isalnum(static_cast<unsigned char>(character)) != 0 ||
         kPlain.find(character) != kPlain.npos;
}

std::string Quoted(const std::string& argument) {
  if (!argument.empty() && std::ranges::all_of(argument, IsPlain)) return argument;
  std::string quoted = "'";
  for (const char character : argument) {
    if (character == '\'') quoted += "'\\''";
    if (character != '\'') quoted += character;
  }
  return quoted + "'";
}

Arguments Ffmpeg() {
  return {"ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "warning"};
}

}  // namespace

Arguments PlayArguments(const std::string& file, bool loop, const PlainStreams& streams) {
  Arguments arguments = Ffmpeg();
  if (loop) Append(arguments, {"-stream_loop", "-1"});
  Append(arguments, {"-re", "-i", file});
  for (const PlainStream& stream : streams) {
    AppendEncoder(arguments, stream.kind);
    AppendTarget(arguments, stream);
  }
  return arguments;
}

Arguments RecordArguments(const std::string& description, const std::string& file) {
  Arguments arguments = Ffmpeg();
  // The clocks of RTP tell the rate of frames: guessing it first would take seconds of the call.
  Append(arguments, {"-fpsprobesize", "0", "-analyzeduration", "2000000"});
  Append(arguments, {"-protocol_whitelist", "file,udp,rtp,srtp", "-i", description});
  // Without a map ffmpeg takes one stream of a kind: a camera or a screen.
  Append(arguments, {"-map", "0", "-c", "copy", file});
  return arguments;
}

Arguments ProbeArguments(const std::string& file) {
  return {"ffprobe", "-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0", file};
}

std::string ShellCommand(const Arguments& arguments) {
  std::string command;
  for (const std::string& argument : arguments) {
    if (!command.empty()) command += ' ';
    command += Quoted(argument);
  }
  return command;
}

}  // namespace confab::app
