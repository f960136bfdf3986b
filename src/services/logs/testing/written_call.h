#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/logs/log_index.h"
#include "services/logs/story/tell_room.h"
#include "services/logs/testing/lines.h"

namespace confab::logs::testing {

// For tests: the lines of calls as services write them, one after another. The methods read as what
// happens; `more` are further members of the line, such as `"media":"m2"`.
class WrittenCall {
 public:
  explicit WrittenCall(std::string room = "tea") : room_(std::move(room)) {}

  // Time goes on. Each line takes a millisecond of its own.
  WrittenCall& After(double seconds);
  int64_t now_us() const { return now_us_; }

  // A line of the room, and one of the whole instance.
  WrittenCall& Signaling(std::string_view event, std::string_view participant = "",
                         std::string_view more = "", std::string_view level = "info");
  WrittenCall& Media(std::string_view event, std::string_view participant,
                     std::string_view more = "", std::string_view level = "info");
  WrittenCall& Instance(std::string_view event, std::string_view more = "",
                        std::string_view level = "warning");
  // What is written next is written by these.
  WrittenCall& By(std::string signaling);
  WrittenCall& At(std::string media);

  // Joins at the media instance and connects a transport of each direction by UDP.
  WrittenCall& Joins(std::string_view participant);
  WrittenCall& Leaves(std::string_view participant);
  // A transport PARTICIPANT-DIRECTION with its lines at media and signaling.
  WrittenCall& Makes(std::string_view participant, std::string_view direction);
  WrittenCall& Connects(std::string_view participant, std::string_view direction,
                        std::string_view protocol = "udp");
  WrittenCall& Produces(std::string_view participant, std::string_view source);
  // The media instance tells of a transport.
  WrittenCall& Figures(std::string_view participant, std::string_view direction,
                       std::string_view more);
  // The page tells of itself.
  WrittenCall& Reports(std::string_view participant, std::string_view more,
                       std::string_view phase = "running");
  // The same with nothing to complain of.
  WrittenCall& IsFine(std::string_view participant);
  // A connection is not let in.
  WrittenCall& Refuses(std::string_view reason, std::string_view code = "unauthorized");
  // Any text as a line of a file of signaling.
  WrittenCall& Raw(std::string text);

  const LogIndex& index() const { return index_; }
  const std::string& room() const { return room_; }
  // The answer, at `now_us` or somewhat later.
  Result<std::string> Text(std::optional<int64_t> at_us = std::nullopt, double later_s = 1) const;
  boost::json::value Told(std::optional<int64_t> at_us = std::nullopt, double later_s = 1) const;
  // "cause who", in the order of the answer; "cause" alone where nobody is named.
  std::vector<std::string> Causes(double later_s = 1) const;

 private:
  void Write(std::string_view service, const std::string& instance, std::string_view event,
             std::string_view level, const std::string& more);
  std::string Of(std::string_view participant, std::string_view more) const;

  std::string room_, signaling_ = "s1", media_ = "m1";
  int64_t now_us_ = kStartUs;
  LogIndex index_;
  std::map<std::string, std::shared_ptr<const std::string>> files_;
  std::map<std::string, int64_t, std::less<>> reports_;  // so many of each page
};

}  // namespace confab::logs::testing
