#pragma once

#include <string>
#include <vector>

#include "app/rtp/plain_stream.h"

namespace confab::app {

using Arguments = std::vector<std::string>;

// ffmpeg that plays a file at its own speed into these streams: VP8 with a keyframe every two
// seconds, for nobody can ask ffmpeg for one, and Opus.
Arguments PlayArguments(const std::string& file, bool loop, const PlainStreams& streams);
// ffmpeg that writes what a session description names to a file, without encoding it anew.
Arguments RecordArguments(const std::string& description, const std::string& file);
// ffprobe that prints a line "video" or "audio" for each stream of a file.
Arguments ProbeArguments(const std::string& file);

// As a person types it into a shell.
std::string ShellCommand(const Arguments& arguments);

}  // namespace confab::app
