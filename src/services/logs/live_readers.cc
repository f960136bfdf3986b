#include "services/logs/live_readers.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <utility>

#include "auth/json_object.h"
#include "auth/unix_time.h"
#include "net/stream.h"
#include "services/logs/entry_json.h"

namespace confab::logs {
namespace {

using net::WebSocketCloseCode, net::WebSocketMessage;

// Counts a connection for as long as it is there.
class Counted {
 public:
  explicit Counted(size_t& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  size_t& count_;
};

// A connection among those that have not said who they are; the oldest is closed for it.
class Stranger {
 public:
  Stranger(std::deque<net::Stream*>& all, net::Stream& stream) : all_(all), stream_(stream) {
    all_.push_back(&stream_);
    if (all_.size() <= LiveReaders::kMaxStrangers) return;
    all_.front()->Close();
    all_.pop_front();
  }
  ~Stranger() { std::erase(all_, &stream_); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

 private:
  std::deque<net::Stream*>& all_;
  net::Stream& stream_;
};

// By Origin (RFC 6454 §7), which programs do not send. Not by its scheme: behind a proxy that
// speaks TLS it is another one here.
bool IsOfAnotherSite(const net::HttpRequest& request) {
  constexpr std::string_view kSchemeEnd = "://";
  const auto origin = request.headers.Find("Origin");
  if (!origin) return false;
  const size_t end = origin->find(kSchemeEnd);
  if (end == std::string_view::npos) return true;  // "null"
  return origin->substr(end + kSchemeEnd.size()) != request.headers.Value("Host");
}

Error TooManyReaders() {
  return {
      ErrorCode::kLimitExceeded,
      fmt::format("{} people follow the logs already: try again later.", LiveReaders::kMaxReaders)};
}

// Nothing is expected of a reader after its first message; this notices when it goes.
asio::awaitable<void> UntilGone(net::WebSocket& ws, net::Event& gone, net::Event& wake) {
  const auto message = co_await ws.Read();
  (void)message;  // one more message ends it as well
  gone.Set();
  wake.Set();
}

}  // namespace

// One connection, for as long as its coroutine runs.
struct LiveReaders::Reader {
  Reader(net::WebSocket& w, net::Stream& s, Hello hello)
      : ws(w),
        stream(s),
        queue(std::move(hello.filter)),
        expires_at_s(hello.expires_at_s),
        wake(s.get_executor()),
        gone(s.get_executor()) {}

  net::WebSocket& ws;
  net::Stream& stream;
  LiveQueue queue;
  int64_t expires_at_s;
  net::Event wake;
  net::Event gone;
};

Result<LiveReaders::Hello> LiveReaders::ReadHello(std::string_view text) const {
  const auto object = auth::ParseJsonObject(text);
  if (!object) {
    return Fail(ErrorCode::kInvalidMessage,
                "The first message is a JSON object with \"token\" and \"filter\".");
  }
  const auto token = auth::TextMember(*object, "token");
  const auto claims = door_.Admit(token.value_or(""), auth::UnixSeconds());
  if (!claims) return std::unexpected(claims.error());
  LogFilter::Parameters parameters;
  const auto* wanted = object->if_contains("filter");
  if (wanted != nullptr && wanted->is_object()) {
    for (const auto& field : wanted->get_object()) {
      if (!field.value().is_string()) {
        return Fail(ErrorCode::kInvalidMessage, "The values of \"filter\" are texts.");
      }
      parameters.emplace_back(field.key(), field.value().get_string());
    }
  }
  auto filter = LogFilter::Parse(parameters);
  if (!filter) return std::unexpected(filter.error());
  return Hello{std::move(*filter), claims->expires_at_s};
}

asio::awaitable<std::optional<net::HttpResponse>> LiveReaders::Run(net::HttpRequest& request,
                                                                   net::Stream& stream) {
  if (IsOfAnotherSite(request)) {
    const Error error{ErrorCode::kForbidden,
                      "Pages of another site may not follow the logs; a proxy in front has to "
                      "leave the field Host as it is."};
    co_return net::ErrorResponse(error, request.id);
  }
  if (is_stopping_ || admitted_ >= kMaxReaders) {
    co_return net::ErrorResponse(503, TooManyReaders(), request.id);
  }
  net::WebSocket ws(stream, kMaxHelloBytes);
  std::optional<Hello> hello = co_await Greet(request, ws, stream);
  if (hello) co_await Serve(ws, stream, std::move(*hello), request.id);
  co_return std::nullopt;
}

asio::awaitable<std::optional<LiveReaders::Hello>> LiveReaders::Greet(net::HttpRequest& request,
                                                                      net::WebSocket& ws,
                                                                      net::Stream& stream) {
  const Stranger stranger(strangers_, stream);
  if (const auto accepted = co_await ws.Accept(request); !accepted) co_return std::nullopt;
  stream.ExpireAfter(kHelloTime);
  const auto message = co_await ws.Read();
  stream.NeverExpire();
  if (!message) co_return std::nullopt;
  auto hello = ReadHello(message->data);
  if (hello && admitted_ >= kMaxReaders) hello = std::unexpected(TooManyReaders());
  if (hello) co_return std::move(*hello);
  co_await Refuse(ws, hello.error(), request.id);
  co_return std::nullopt;
}

asio::awaitable<void> LiveReaders::Serve(net::WebSocket& ws, net::Stream& stream, Hello hello,
                                         std::string request_id) {
  const Counted counted(admitted_);
  Reader reader(ws, stream, std::move(hello));
  readers_.insert(&reader);
  asio::co_spawn(stream.get_executor(), UntilGone(ws, reader.gone, reader.wake), asio::detached);
  co_await Feed(reader);
  readers_.erase(&reader);
  if (!reader.gone.is_set() && is_stopping_) {
    co_await ws.Close(WebSocketCloseCode::kGoingAway);
  } else if (!reader.gone.is_set() && auth::UnixSeconds() >= reader.expires_at_s) {
    const Error error{ErrorCode::kUnauthorized, "The token has expired: open a new link."};
    co_await Refuse(ws, error, request_id);
  }
  ws.Abort();
  co_await reader.gone.Wait();  // what reads refers to this connection
}

asio::awaitable<void> LiveReaders::Feed(Reader& reader) {
  std::string first = FirstMessage(reader);
  if (!co_await Write(reader, std::move(first))) co_return;
  while (!is_stopping_ && !reader.gone.is_set()) {
    const int64_t left_s = reader.expires_at_s - auth::UnixSeconds();
    if (left_s <= 0) co_return;
    if (reader.queue.is_empty()) {
      reader.wake.Reset();
      co_await reader.wake.Wait(std::min(kQuietTime, TimeDelta::Seconds(left_s)));
      if (is_stopping_ || reader.gone.is_set()) co_return;
      if (auth::UnixSeconds() >= reader.expires_at_s) co_return;
    }
    std::string next = NextMessage(reader);
    if (!co_await Write(reader, std::move(next))) co_return;
  }
}

asio::awaitable<bool> LiveReaders::Write(Reader& reader, std::string text) {
  reader.stream.ExpireAfter(kWriteTime);
  const auto written = co_await reader.ws.Write(WebSocketMessage::Kind::kText, text);
  reader.stream.NeverExpire();
  co_return written.has_value();
}

asio::awaitable<void> LiveReaders::Refuse(net::WebSocket& ws, Error error, std::string request_id) {
  const net::HttpResponse response = net::ErrorResponse(error, request_id);
  const auto written = co_await ws.Write(WebSocketMessage::Kind::kText, response.content());
  if (written) co_await ws.Close(WebSocketCloseCode::kPolicyError);
}

std::string LiveReaders::FirstMessage(const Reader& reader) const {
  const LogIndex::Page page =
      source_.index().Find(reader.queue.filter(), std::nullopt, kFirstLines);
  return fmt::format(
      R"({{"first":true,"lines":{},"next":{},"dropped":0,"status":{}}})", ToJson(page.entries),
      page.next ? fmt::format("\"{}\"", page.next->ToString()) : "null", source_.StatusJson());
}

std::string LiveReaders::NextMessage(Reader& reader) {
  LiveQueue::Taken taken = reader.queue.Take();
  dropped_ += taken.dropped;
  std::ranges::reverse(taken.entries);
  return fmt::format(R"({{"lines":{},"dropped":{},"status":{}}})", ToJson(taken.entries),
                     taken.dropped, source_.StatusJson());
}

void LiveReaders::Offer(const std::vector<EntryPtr>& entries) {
  if (entries.empty()) return;
  for (Reader* reader : readers_) {
    reader->queue.Offer(entries);
    if (!reader->queue.is_empty()) reader->wake.Set();
  }
}

void LiveReaders::Stop() {
  is_stopping_ = true;
  for (Reader* reader : readers_) reader->wake.Set();
}

}  // namespace confab::logs
