#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
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
    std::vector<std::shared_ptr<client::SoundGaps>>
        sound_gaps;  // each subscriber's, shared with it
    uint64_t octets_at_begin = 0;
    Timestamp sent_until = Timestamp::Past();  // by each of the publishers
  };

  // As people are told of: "publisher 1 of call-1".
  static std::string NameOf(std::string_view role, const Room& room, size_t index);
  asio::awaitable<void> Live();
  asio::awaitable<void> JoinAll();
  client::PublisherOptions PublisherAt(const Room& room, size_t index) const;
  client::SubscriberOptions SubscriberAt(const Room& room, size_t index) const;
  asio::awaitable<void> JoinPublisher(Room& room);
  asio::awaitable<void> JoinSubscriber(Room& room);
  // Until they end for good. The room outlives it.
  asio::awaitable<void> Send(Room& room, size_t index);
  asio::awaitable<void> Receive(Room& room, size_t index);
  // In the place of one who was cut off; whether that succeeded.
  asio::awaitable<bool> PublishAgain(Room& room, size_t index);
  asio::awaitable<bool> SubscribeAgain(Room& room, size_t index);
  // Whether there is another try, after a pause.
  asio::awaitable<bool> TriesAgain(const Error& error, Timestamp end);
  // Until each receiver has something of each stream, or that takes too long.
  asio::awaitable<void> UntilAllFlows();
  bool AllFlows() const;
  // Until the measured time is over.
  asio::awaitable<void> Measure();
  asio::awaitable<void> LeaveAll();
  void PrintProgress(TimeDelta since);
  // Ends the listening, and reports who is not back.
  void EndListening(Timestamp now);
  // Who was cut off and is not there again, and who receives and hears nobody.
  std::set<std::string> NotBack(Timestamp now) const;
  void Finish();
  void Judge(const CallFigures& sum);
  CallFigures FiguresOf(const Room& room) const;
  // What is looked at again and again meanwhile.
  static client::SubscriberProgress ProgressOf(const Room& room);
  client::SubscriberProgress ProgressOfAll() const;
  // Stops those who send, who have done so until then.
  static void StopSending(Room& room);
  // Streams of those who sent to the end on which nothing came any more.
  static uint64_t StoppedStreams(const Room& room);
  bool goes_on() { return !failed_ && !by_signal_.end().is_set(); }
  void Report(const std::string& message);

  const CallBench bench_;
  const std::shared_ptr<const client::EncodedClip> clip_;  // shared with the publishers
  const rtc::DtlsCertificate& certificate_;
  SecureRandom random_;
  asio::io_context io_{1};
  EndBySignal by_signal_{io_};
  std::vector<std::unique_ptr<Room>> rooms_;
  std::set<std::string> away_;  // were cut off, and are not back yet
  CallReport report_;
  bool failed_ = false;
};

}  // namespace confab::app
