#pragma once

#include <optional>

#include "base/units.h"
#include "rtc/types.h"

namespace confab::sfu {

// When a transport was made, and what the worker has told of it: its way, and now and then its
// figures. A value; belongs to the transport.
class TransportRecord {
 public:
  // After it connected; after it was made for one that does not connect.
  static constexpr TimeDelta kFirstReport = TimeDelta::Seconds(10);
  static constexpr TimeDelta kReportInterval = TimeDelta::Seconds(60);
  // Moves that are told between two reports. Beyond, the next report says where the peer has gone:
  // one that nominates without end shall not fill the log.
  static constexpr int kMaxMoves = 8;

  explicit TransportRecord(Timestamp made_at)
      : made_at_(made_at), next_report_(made_at + kFirstReport) {}

  Timestamp made_at() const { return made_at_; }
  Timestamp next_report() const { return next_report_; }

  // Media may flow, over this path: that is told.
  void NoteConnected(Timestamp now, const std::optional<rtc::Path>& path) {
    is_connected_ = true;
    told_path_ = path;
    next_report_ = now + kFirstReport;
  }
  // Another path has been selected. True: to be told; before the transport has connected, and where
  // the path is the one that was told last, there is nothing to tell.
  [[nodiscard]] bool TakeMove(const rtc::Path& path) {
    if (!is_connected_ || told_path_ == path || moves_ == kMaxMoves) return false;
    ++moves_;
    told_path_ = path;
    return true;
  }
  // True where a report is due: it is to be made now.
  [[nodiscard]] bool TakeReport(Timestamp now) {
    if (now < next_report_) return false;
    next_report_ = now + kReportInterval;
    moves_ = 0;
    return true;
  }

 private:
  Timestamp made_at_;
  Timestamp next_report_;
  bool is_connected_ = false;
  std::optional<rtc::Path> told_path_;
  int moves_ = 0;  // since the last report
};

}  // namespace confab::sfu
