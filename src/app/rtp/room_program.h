#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "app/bench/end_by_signal.h"
#include "app/rtp/child_process.h"
#include "app/rtp/plain_stream.h"
#include "app/rtp/rtp_command.h"
#include "base/random.h"
#include "client/signaling/room_connection.h"

namespace confab::app {

// A participant whose media another program sends or receives. What playing and recording share:
// the join, plain transports, the program's life. One thread, that of Run.
class RoomProgram {
 public:
  explicit RoomProgram(const RtpRun& run) : run_(run) {}
  virtual ~RoomProgram() = default;
  RoomProgram(const RoomProgram&) = delete;
  RoomProgram& operator=(const RoomProgram&) = delete;

  // The process's status.
  int Run();

 protected:
  // Makes streams and begins whatever there is to begin, in the room.
  virtual asio::awaitable<Result<void>> Begin(const boost::json::value& joined) = 0;
  // The program that then runs, and what a person is told of it.
  virtual Arguments Program() const = 0;
  virtual std::string Sentence() const = 0;
  // The program has been started, or is to be by hand.
  virtual asio::awaitable<Result<void>> Started() { co_return Result<void>(); }
  // It is to end now. True: it will do so by itself; else, and if it does not, it is interrupted.
  virtual asio::awaitable<bool> Ending() { co_return false; }
  // It has ended in order. An error: without what it was run for.
  virtual Result<void> Finished() { return {}; }

  // `createPlainTransport` of this direction: its id, and the server's end in `stream`.
  asio::awaitable<Result<std::string>> OpenTransport(std::string_view direction, bool comedia,
                                                     PlainStream& stream);
  // 30 random octets for AES_CM_128_HMAC_SHA1_80, as base64.
  std::string NewKey();

  const RtpRun& run() const { return run_; }
  client::RoomConnection& room() { return *room_; }
  SecureRandom& random() { return random_; }
  // Whether the program has ended, or the place in the room.
  bool is_over();
  // Set by a signal, and by whoever has a reason to end.
  net::Event& end() { return by_signal_.end(); }

 private:
  asio::awaitable<void> Live();
  asio::awaitable<Result<void>> Work();
  asio::awaitable<Result<void>> Watch();
  asio::awaitable<void> EndProgram();
  void Report(const Result<void>& done);

  const RtpRun run_;
  SecureRandom random_;
  asio::io_context io_{1};
  EndBySignal by_signal_{io_};
  std::shared_ptr<client::RoomConnection> room_;
  std::optional<ChildProcess> program_;
  bool failed_ = false;
};

}  // namespace confab::app
