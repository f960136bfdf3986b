#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/rtp/ffmpeg_arguments.h"
#include "app/rtp/new_file.h"
#include "app/rtp/received_stream.h"
#include "app/rtp/session_description.h"
#include "app/rtp/udp_ports.h"
#include "base/testing/error_of.h"

namespace confab::app {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

PlainStream Video() {
  PlainStream stream;
  stream.kind = rtc::MediaKind::kVideo;
  stream.codec = "VP8";
  stream.payload_type = 101;
  stream.clock_rate_hz = 90000;
  stream.ssrc = 7;
  stream.cname = "c";
  stream.ip = "127.0.0.1";
  stream.port = 5004;
  stream.rtcp_port = 5005;
  return stream;
}

PlainStream Audio() {
  PlainStream stream = Video();
  stream.kind = rtc::MediaKind::kAudio;
  stream.codec = "opus";
  stream.payload_type = 100;
  stream.clock_rate_hz = 48000;
  stream.channels = 2;
  stream.fmtp = "useinbandfec=1";
  stream.port = 5006;
  stream.rtcp_port = 5007;
  return stream;
}

TEST(SessionDescription, SaysWhatComesWhere) {
  EXPECT_EQ(SessionDescription({Audio(), Video()}),
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=confab\r\nt=0 0\r\n"
            "m=audio 5006 RTP/AVP 100\r\nc=IN IP4 127.0.0.1\r\na=rtcp:5007\r\n"
            "a=rtpmap:100 opus/48000/2\r\na=fmtp:100 useinbandfec=1\r\na=ssrc:7 cname:c\r\n"
            "a=recvonly\r\n"
            "m=video 5004 RTP/AVP 101\r\nc=IN IP4 127.0.0.1\r\na=rtcp:5005\r\n"
            "a=rtpmap:101 VP8/90000\r\na=ssrc:7 cname:c\r\na=recvonly\r\n");
}

TEST(SessionDescription, GivesTheKeyWhereThereIsOne) {
  PlainStream stream = Video();
  stream.srtp_key = "KEY";
  stream.ip = "::1";
  const std::string sdp = SessionDescription({stream});
  EXPECT_THAT(sdp, HasSubstr("m=video 5004 RTP/SAVP 101\r\nc=IN IP6 ::1\r\n"));
  EXPECT_THAT(sdp, HasSubstr("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY\r\n"));
}

TEST(FfmpegArguments, SendEachStreamToItsPorts) {
  const std::string command = ShellCommand(PlayArguments("a film.mp4", false, {Audio(), Video()}));
  EXPECT_THAT(command, HasSubstr("-re -i 'a film.mp4' -map 0:a:0"));
  EXPECT_THAT(command, HasSubstr("-ssrc 7 -payload_type 100 "
                                 "'rtp://127.0.0.1:5006?rtcpport=5007&pkt_size=1200' -map 0:v:0"));
  EXPECT_THAT(command, Not(HasSubstr("-stream_loop")));
}

TEST(FfmpegArguments, EncryptWithTheKey) {
  PlainStream stream = Video();
  stream.srtp_key = "KEY=";
  const std::string command = ShellCommand(PlayArguments("f", true, {stream}));
  EXPECT_THAT(command, HasSubstr("-srtp_out_suite AES_CM_128_HMAC_SHA1_80 -srtp_out_params KEY= "
                                 "'srtp://127.0.0.1:5004?"));
  EXPECT_THAT(command, HasSubstr("-stream_loop -1 -re"));
}

TEST(FfmpegArguments, RecordEveryStreamAsItIs) {
  EXPECT_THAT(ShellCommand(RecordArguments("ann.mkv.sdp", "ann.mkv")),
              EndsWith("-i ann.mkv.sdp -map 0 -c copy ann.mkv"));
}

TEST(ShellCommand, QuotesWhatAShellWouldRead) {
  EXPECT_EQ(ShellCommand({"a", "", "b c", "it's", "$x", "e=f"}), "a '' 'b c' 'it'\\''s' '$x' e=f");
}

TEST(ReceivedStream, ReadsAConsumer) {
  const auto entry = boost::json::parse(R"({"id": "c", "rtpParameters": {
      "codecs": [{"mimeType": "audio/opus", "payloadType": 100, "clockRate": 48000, "channels": 2,
                  "parameters": {"useinbandfec": 1, "x": "y"}}],
      "encodings": [{"ssrc": 4000000000}], "rtcp": {"cname": "n"}}})");
  const auto stream = ParseReceivedStream(entry);
  ASSERT_TRUE(stream.has_value());
  EXPECT_EQ(stream->kind, rtc::MediaKind::kAudio);
  EXPECT_EQ(stream->codec, "opus");
  EXPECT_EQ(stream->channels, 2u);
  EXPECT_EQ(stream->fmtp, "useinbandfec=1;x=y");
  EXPECT_EQ(stream->ssrc, 4000000000u);
  EXPECT_EQ(stream->cname, "n");
}

TEST(ReceivedStream, SaysWhatIsMissing) {
  for (const char* entry : {R"({})", R"({"rtpParameters": {"codecs": [], "encodings": []}})",
                            R"({"rtpParameters": {"codecs": [{"mimeType": "audio"}],
                               "encodings": [{"ssrc": 1}]}})"}) {
    const auto stream = ParseReceivedStream(boost::json::parse(entry));
    ASSERT_FALSE(stream.has_value());
    EXPECT_EQ(stream.error().code, ErrorCode::kInvalidMessage);
  }
}

TEST(PlainCapabilities, AskForNothingThatNeedsAnAnswer) {
  const auto router = boost::json::parse(R"({"headerExtensions": [{"uri": "x"}], "codecs": [
      {"mimeType": "video/VP8", "rtcpFeedback": [{"type": "nack"}]}, {"mimeType": "video/rtx"}]})");
  EXPECT_EQ(PlainCapabilities(router), boost::json::parse(R"({"headerExtensions": [], "codecs": [
      {"mimeType": "video/VP8", "rtcpFeedback": []}]})"));
}

TEST(ChosenProducers, AreThoseOfTheParticipantAsFarAsThereIsRoom) {
  const auto producers = boost::json::parse(R"([
      {"participantId": "ann", "producerId": "a"}, {"participantId": "bob", "producerId": "b"},
      {"participantId": "ann", "producerId": "c"}, {"participantId": "ann", "producerId": "d"},
      5])");
  const ChosenProducers all = ChooseProducers(producers, "ann", 3);
  EXPECT_THAT(all.ids, ElementsAre("a", "c", "d"));
  EXPECT_EQ(all.left_out, 0u);
  const ChosenProducers some = ChooseProducers(producers, "ann", 2);
  EXPECT_THAT(some.ids, ElementsAre("a", "c"));
  EXPECT_EQ(some.left_out, 1u);
  EXPECT_EQ(ChooseProducers(boost::json::value(), "ann", 2).ids.size(), 0u);
}

TEST(ChosenProducers, AreWithoutPausedPictures) {
  const auto producers = boost::json::parse(R"([
      {"participantId": "ann", "producerId": "a", "kind": "audio", "paused": true},
      {"participantId": "ann", "producerId": "b", "kind": "video", "paused": true},
      {"participantId": "ann", "producerId": "c", "kind": "video", "paused": false}])");
  const ChosenProducers chosen = ChooseProducers(producers, "ann", 4);
  EXPECT_THAT(chosen.ids, ElementsAre("a", "c"));
  EXPECT_EQ(chosen.left_out, 0u);
}

TEST(NewFile, IsItsOwnersAloneAndTakesNoOthersPlace) {
  namespace fs = std::filesystem;
  const std::string path = testing::TempDir() + "confab-new-file-" + std::to_string(getpid());
  ASSERT_TRUE(WriteNewFile(path, "secret"));
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_THAT(ErrorOf(WriteNewFile(path, "another")).message, HasSubstr("exists already"));
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "secret");
  fs::remove(path);
  EXPECT_THAT(ErrorOf(WriteNewFile(path + "/nowhere", "x")).message,
              HasSubstr("nowhere cannot be written: "));
}

TEST(UdpPorts, ReadTheKernelsTable) {
  constexpr std::string_view kTable =
      "   sl  local_address rem_address   st tx_queue rx_queue\n"
      "  12: 0100007F:A028 00000000:0000 07 00000000:00000000 00:00000000 00000000     0 0 1 2\n"
      " 13: 00000000:0035 0100007F:1F90 07 00000000:00000000";
  EXPECT_TRUE(IsBound(kTable, 0xa028));
  EXPECT_TRUE(IsBound(kTable, 53));
  EXPECT_FALSE(IsBound(kTable, 0x1f90));  // a remote port
  EXPECT_FALSE(IsBound(kTable, 0x28));
  EXPECT_FALSE(IsBound("", 53));
}

TEST(UdpPorts, FindAPairThatIsFree) {
  const auto port = FindFreePortPair("127.0.0.1");
  ASSERT_TRUE(port.has_value());
  EXPECT_EQ(*port % 2, 0);
  EXPECT_THAT(ErrorOf(FindFreePortPair("192.0.2.1")).message,
              HasSubstr("192.0.2.1 is no address of this machine"));
  EXPECT_FALSE(FindFreePortPair("x").has_value());
}

}  // namespace
}  // namespace confab::app
