#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/bench/call_command.h"
#include "app/bench/call_report.h"
#include "app/bench/end_by_signal.h"
#include "base/random.h"
#include "client/publisher.h"
#include "client/subscriber.h"

namespace confab::app {

// The life of one `confab bench call`, on the main thread.
class CallRun {
 public:
  // The certificate outlives it.
  CallRun(const CallBench& bench, std::shared_ptr<const client::EncodedClip> clip,
          const rtc::DtlsCertificate& certificate);

  // The process's status.
  int Run();

 private:
  struct Room {
    std::string name;
    std::vector<std::shared_ptr<client::Publisher>> publishers;
    std::vector<std::shared_ptr<client::Subscriber>> subscribers;
    uint64_t octets_at_begin = 0;
  };

  asio::awaitable<void> Live();
  asio::awaitable<void> JoinAll();
  asio::awaitable<void> JoinPublisher(Room& room);
  asio::awaitable<void> JoinSubscriber(Room& room);
  asio::awaitable<void> Send(std::shared_ptr<client::Publisher> publisher);
  asio::awaitable<void> Receive(std::shared_ptr<client::Subscriber> subscriber);
  // Until each receiver has something of each stream, or that takes too long.
  asio::awaitable<void> UntilAllFlows();
  bool AllFlows() const;
  // Until the measured time is over.
  asio::awaitable<void> Measure();
  asio::awaitable<void> LeaveAll();
  void PrintProgress(TimeDelta since);
  void Finish();
  void Judge(const CallFigures& sum);
  CallFigures FiguresOf(const Room& room) const;
  bool goes_on() { return !failed_ && !by_signal_.end().is_set(); }
  void Report(const std::string& message);

  const CallBench bench_;
  const std::shared_ptr<const client::EncodedClip> clip_;  // shared with the publishers
  const rtc::DtlsCertificate& certificate_;
  SecureRandom random_;
  asio::io_context io_{1};
  EndBySignal by_signal_{io_};
  std::vector<std::unique_ptr<Room>> rooms_;
  CallReport report_;
  bool failed_ = false;
};

}  // namespace confab::app
