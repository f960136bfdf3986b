#pragma once

#include <string>

namespace confab::app {

// `confab rtp play` and `confab rtp record`: a file into a room, a participant to a file, by ffmpeg
// and a plain transport, which the server must allow (media.plain_rtp_networks).
struct RtpRun {
  std::string url;  // of the server, for example http://127.0.0.1:4000
  std::string room;
  std::string name;   // that others see; empty: the file's, or "Recorder"
  std::string token;  // join token; empty: a guest's is asked for
  std::string file;
  std::string participant;       // to record: name or id
  std::string ip = "127.0.0.1";  // to record: this machine's address, as the server reaches it
  bool loop = false;             // to play: begin again at the end
  bool srtp = false;             // encrypt, for a server on another machine
  bool print = false;            // say what to run, and run nothing
};

// The process's status: 1 with a sentence on stderr where it failed. Ends with ffmpeg, with SIGINT
// or SIGTERM, or, recording, when all streams of the participant have ended.
int PlayCommand(const RtpRun& run);
int RecordCommand(const RtpRun& run);

}  // namespace confab::app
