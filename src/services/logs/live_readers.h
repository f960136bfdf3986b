#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "net/event.h"
#include "net/http_handler.h"
#include "net/websocket.h"
#include "services/logs/live_queue.h"
#include "services/logs/log_source.h"
#include "services/logs/logs_door.h"

namespace confab::logs {

// Everyone who follows the logs as they come, each by a WebSocket (RFC 6455). The reader says first
// who they are and what they want, in one message; the token stands there because browsers let no
// page set a header, and because addresses end up in logs:
//
//   → {"token":"…","filter":{"level":"warning","text":"…"}}
//   ← {"lines":[…],"next":"…","first":true,"status":{…}}   what there is, the newest first
//   ← {"lines":[…],"dropped":0,"status":{…}}               what comes, the newest first
//   ← {"error":{"code":…,"message":…,"id":…}}              and the end
//
// Whoever has not said so yet takes none of the readers' places. Pages of other sites are refused:
// they can do nothing without a token, and should not keep their visitors' browsers busy here.
//
// Lives on one thread. Must outlive its connections: the server's Stop comes after Stop.
class LiveReaders {
 public:
  static constexpr size_t kMaxReaders = 64;    // beyond: refused, with 503 where it can be
  static constexpr size_t kMaxStrangers = 64;  // before their first message; the oldest goes
  static constexpr size_t kMaxHelloBytes = 16 * 1024;
  static constexpr size_t kFirstLines = 300;
  static constexpr TimeDelta kHelloTime = TimeDelta::Seconds(10);
  // So long a reader may take for one message; then it is let go.
  static constexpr TimeDelta kWriteTime = TimeDelta::Seconds(30);
  // After so long without lines the status is told, as a sign of life.
  static constexpr TimeDelta kQuietTime = TimeDelta::Seconds(15);

  // The source must outlive it.
  LiveReaders(LogsDoor door, const LogSource& source) : door_(door), source_(source) {}

  // HttpHandler::Upgrade of its path.
  asio::awaitable<std::optional<net::HttpResponse>> Run(net::HttpRequest& request,
                                                        net::Stream& stream);
  void Offer(const std::vector<EntryPtr>& entries);
  // Says goodbye to all, who end by themselves.
  void Stop();

  size_t size() const { return readers_.size(); }
  uint64_t dropped() const { return dropped_; }

 private:
  struct Reader;
  struct Hello {
    LogFilter filter;
    int64_t expires_at_s = 0;
  };

  Result<Hello> ReadHello(std::string_view text) const;
  // Nothing: who it was is refused, or has gone.
  asio::awaitable<std::optional<Hello>> Greet(net::HttpRequest& request, net::WebSocket& ws,
                                              net::Stream& stream);
  asio::awaitable<void> Serve(net::WebSocket& ws, net::Stream& stream, Hello hello,
                              std::string request_id);
  asio::awaitable<void> Feed(Reader& reader);
  asio::awaitable<bool> Write(Reader& reader, std::string text);
  asio::awaitable<void> Refuse(net::WebSocket& ws, Error error, std::string request_id);
  std::string FirstMessage(const Reader& reader) const;
  std::string NextMessage(Reader& reader);

  LogsDoor door_;
  const LogSource& source_;
  std::set<Reader*> readers_;
  size_t admitted_ = 0;                 // connections of readers, until they are closed
  std::deque<net::Stream*> strangers_;  // the oldest first
  uint64_t dropped_ = 0;
  bool is_stopping_ = false;
};

}  // namespace confab::logs
