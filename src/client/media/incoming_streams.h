#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "client/media/incoming_media.h"

namespace confab::client {

// What a subscriber has received since it began, or since it has returned.
struct SubscriberCounters {
  uint64_t streams = 0;         // that are open
  uint64_t silent_streams = 0;  // of those: nothing came
  uint64_t thrown_away = 0;     // see SubscriberOptions
  // With what came on streams that have ended.
  IncomingCounters video;
  IncomingCounters audio;

  SubscriberCounters& operator+=(const SubscriberCounters& other);
};

// What is looked at while a call goes on: the same as SubscriberCounters, without histograms, which
// are dear to copy.
struct SubscriberProgress {
  uint64_t streams = 0;
  uint64_t silent_streams = 0;
  // With what came on streams that have ended.
  uint64_t packets = 0;
  uint64_t recovered = 0;
  uint64_t missing = 0;
  uint64_t payload_octets = 0;
  uint64_t complete_frames = 0;

  SubscriberProgress& operator+=(const SubscriberProgress& other);
};

// The streams of one receiver. Those that have ended are let go, what came on them still counts.
// One thread.
class IncomingStreams {
 public:
  // Good until it is closed.
  IncomingMedia& Add(ReceiveParameters parameters);
  // By its ssrc or that of its repetitions; nullptr: there is none. Good until it is closed.
  IncomingMedia* Find(rtc::Ssrc ssrc) const;
  void CloseOf(std::string_view producer_id);
  void CloseAll();
  // Closes all, and nothing has ever come.
  void Reset();

  const std::vector<std::unique_ptr<IncomingMedia>>& open() const { return open_; }
  SubscriberCounters counters() const;
  SubscriberProgress progress() const;

 private:
  // Keeps what came on it, and forgets where its packets went.
  void Retire(const IncomingMedia& stream);

  std::vector<std::unique_ptr<IncomingMedia>> open_;
  std::unordered_map<rtc::Ssrc, IncomingMedia*> by_ssrc_;
  SubscriberCounters ended_;
};

}  // namespace confab::client
