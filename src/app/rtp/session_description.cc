#include "app/rtp/session_description.h"

#include <fmt/format.h>

#include <iterator>

namespace confab::app {
namespace {

std::string_view AddressType(std::string_view ip) {
  return ip.find(':') == ip.npos ? "IP4" : "IP6";
}

void AppendStream(std::string& sdp, const PlainStream& stream) {
  const auto line = [&sdp]<typename... Parts>(fmt::format_string<Parts...> format,
                                              Parts&&... parts) {
    fmt::format_to(std::back_inserter(sdp), format, std::forward<Parts>(parts)...);
    sdp += "\r\n";
  };
  line("m={} {} RTP/{} {}", stream.kind == rtc::MediaKind::kAudio ? "audio" : "video", stream.port,
       stream.srtp_key.empty() ? "AVP" : "SAVP", stream.payload_type);
  line("c=IN {} {}", AddressType(stream.ip), stream.ip);
  line("a=rtcp:{}", stream.rtcp_port);
  if (stream.channels > 1) {
    line("a=rtpmap:{} {}/{}/{}", stream.payload_type, stream.codec, stream.clock_rate_hz,
         stream.channels);
  } else {
    line("a=rtpmap:{} {}/{}", stream.payload_type, stream.codec, stream.clock_rate_hz);
  }
  if (!stream.fmtp.empty()) line("a=fmtp:{} {}", stream.payload_type, stream.fmtp);
  if (!stream.srtp_key.empty()) line("a=crypto:1 {} inline:{}", kSrtpSuite, stream.srtp_key);
  line("a=ssrc:{} cname:{}", stream.ssrc, stream.cname);
  line("a=recvonly");
}

}  // namespace

std::string SessionDescription(const PlainStreams& streams) {
  const std::string ip = streams.empty() ? "127.0.0.1" : streams.front().ip;
  std::string sdp =
      fmt::format("v=0\r\no=- 0 0 IN {} {}\r\ns=confab\r\nt=0 0\r\n", AddressType(ip), ip);
  for (const PlainStream& stream : streams) AppendStream(sdp, stream);
  return sdp;
}

}  // namespace confab::app
