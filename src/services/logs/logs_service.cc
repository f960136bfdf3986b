#include "services/logs/logs_service.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <utility>

#include "auth/unix_time.h"
#include "base/check.h"
#include "base/hashed_name.h"
#include "net/clock.h"
#include "services/logs/entry_json.h"
#include "services/logs/story/tell_room.h"
#include "services/logs/utc_time.h"

namespace confab::logs {
namespace {

using net::HttpRequest, net::HttpResponse;
using observe::LogEvent, observe::LogLevel;

constexpr const char* kLivePath = "/api/v1/logs/live";
constexpr size_t kMaxParameters = 32;
constexpr size_t kMaxRoomBytes = 64;

ReadTime MachineTime() {
  return {net::MonotonicNow(), net::UnixMicrosNow()};
}

net::HttpServerOptions ServerOptions(const LogsOptions& options) {
  net::HttpServerOptions server;
  server.max_connections = LogsService::kMaxConnections;
  server.trusted_proxies = options.trusted_proxies;
  server.default_headers = options.headers;
  server.on_trouble = [logger = options.logger](const std::string& why) {
    logger.Log(LogLevel::kWarning, LogEvent::kConnectionsRefused, {{"message", why}});
  };
  return server;
}

// What a search asks for.
struct Question {
  LogFilter filter;
  std::optional<LogCursor> before;
  size_t limit = LogsService::kDefaultLines;
};

std::unexpected<Error> Wrong(std::string sentence) {
  return Fail(ErrorCode::kInvalidMessage, std::move(sentence));
}

// Name and value of one part of a query. In a form's spelling '+' is a space.
Result<std::pair<std::string, std::string>> ReadPart(std::string part) {
  std::ranges::replace(part, '+', ' ');
  const size_t equals = std::min(part.find('='), part.size());
  const auto name = net::DecodePercent(std::string_view(part).substr(0, equals));
  const auto value =
      net::DecodePercent(std::string_view(part).substr(std::min(equals + 1, part.size())));
  if (!name || !value) return Wrong("The query holds a broken percent escape.");
  return std::pair(*name, *value);
}

Result<void> TakePart(std::pair<std::string, std::string> part, Question& question,
                      LogFilter::Parameters& filters) {
  auto& [name, value] = part;
  if (name == "before") {
    question.before = LogCursor::Parse(value);
    if (!question.before) return Wrong("before is what an answer had as \"next\".");
  } else if (name == "limit") {
    const char* end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, question.limit);
    if (read.ec != std::errc() || read.ptr != end || question.limit < 1 ||
        question.limit > LogIndex::kMaxPageLines) {
      return Wrong(fmt::format("limit is a number from 1 to {}.", LogIndex::kMaxPageLines));
    }
  } else {
    filters.push_back(std::move(part));
  }
  return {};
}

Result<Question> ReadQuestion(std::string_view query) {
  Question question;
  LogFilter::Parameters filters;
  for (size_t count = 0; !query.empty(); ++count) {
    if (count == kMaxParameters) return Wrong("The query has too many parts.");
    const size_t end = std::min(query.find('&'), query.size());
    if (end > 0) {
      auto part = ReadPart(std::string(query.substr(0, end)));
      if (!part) return std::unexpected(part.error());
      if (auto taken = TakePart(std::move(*part), question, filters); !taken) {
        return std::unexpected(taken.error());
      }
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  auto filter = LogFilter::Parse(filters);
  if (!filter) return std::unexpected(filter.error());
  question.filter = std::move(*filter);
  return question;
}

Result<RoomQuestion> ReadRoomQuestion(const HttpRequest& request, const auth::ApiClaims& caller,
                                      int64_t now_us) {
  const std::string room(request.Param("room"));
  if (room.size() > kMaxRoomBytes) return Wrong("A room's name has 1 to 64 characters.");
  RoomQuestion question;
  // For whom one room's name is open, nothing else may stand for it: names can look like hashes.
  question.room =
      caller.room.empty() ? RoomKey{HashedName(room), room} : RoomKey{HashedName(caller.room), ""};
  question.now_us = now_us;
  if (const auto at = request.QueryValue("at"); at && !at->empty()) {
    question.at_us = ParseUtc(*at);
    if (!question.at_us) return Wrong("at is a UTC time such as 2026-01-31T23:59:59Z.");
  }
  return question;
}

}  // namespace

LogsService::LogsService(asio::io_context& io, LogsOptions options)
    : options_(std::move(options)),
      door_((CHECK(options_.authority != nullptr), *options_.authority)),
      source_(options_.folder, options_.logger,
              (CHECK(options_.metrics != nullptr), *options_.metrics)),
      live_(door_, source_),
      server_(io, *this, ServerOptions(options_)),
      stop_(io.get_executor()),
      read_ended_(io.get_executor()) {
  if (!options_.time) options_.time = MachineTime;
}

LogsService::~LogsService() = default;

Result<SocketAddress> LogsService::Start() {
  auto pages = Pages::Open(options_.web_dir);
  if (!pages) return std::unexpected(pages.error());
  pages_ = std::move(*pages);
  AddRoutes();
  AddMetrics();
  net::HttpListenOptions listen;
  listen.address = options_.address;
  listen.port = options_.port;
  listen.port_tries = options_.port_tries;
  auto address = server_.Listen(listen);
  if (!address) return address;
  asio::co_spawn(stop_.get_executor(), ReadOn(), asio::detached);
  options_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStarted, {{"port", address->port()}});
  return address;
}

asio::awaitable<void> LogsService::Stop(TimeDelta deadline) {
  stop_.Set();
  live_.Stop();
  co_await server_.Stop(deadline);
  co_await read_ended_.Wait(deadline);
  sampled_.clear();
}

void LogsService::AddRoutes() {
  router_.Add("GET", "/api/v1/logs", [this](HttpRequest& request) -> asio::awaitable<HttpResponse> {
    co_return Search(request);
  });
  router_.Add("GET", kLivePath, [this](HttpRequest& request) -> asio::awaitable<HttpResponse> {
    co_return LiveWithoutUpgrade(request);
  });
  router_.Add("GET", "/api/v1/logs/rooms/{room}",
              [this](HttpRequest& request) -> asio::awaitable<HttpResponse> {
                co_return TellOfRoom(request);
              });
  if (options_.health != nullptr) {
    for (const char* path : {"/healthz", "/readyz", "/metrics"}) {
      router_.Add("GET", path, [this](HttpRequest& request) -> asio::awaitable<HttpResponse> {
        co_return co_await options_.health->Handle(request);
      });
    }
  }
  router_.SetFallback(*pages_);
}

void LogsService::AddMetrics() {
  using observe::Sample, observe::SampleKind;
  const auto sample = [&](const char* name, const char* help, SampleKind kind, auto read) {
    sampled_.push_back(options_.metrics->AddSampled({name, help}, kind, [read] {
      return std::vector<Sample>{{{}, static_cast<double>(read())}};
    }));
  };
  sample("confab_logs_live_readers", "People who follow the logs.", SampleKind::kGauge,
         [this] { return live_.size(); });
  sample("confab_logs_live_dropped_lines_total", "Lines that a slow reader did not get.",
         SampleKind::kCounter, [this] { return live_.dropped(); });
}

asio::awaitable<HttpResponse> LogsService::Handle(HttpRequest& request) {
  return router_.Handle(request);
}

asio::awaitable<std::optional<HttpResponse>> LogsService::Upgrade(HttpRequest& request,
                                                                  net::Stream& stream) {
  if (request.path == kLivePath) co_return co_await live_.Run(request, stream);
  co_return co_await router_.Handle(request);
}

HttpResponse LogsService::Search(const HttpRequest& request) const {
  if (const auto admitted = door_.Admit(request, auth::UnixSeconds()); !admitted) {
    return RefuseLogs(admitted.error(), request);
  }
  const auto question = ReadQuestion(request.query);
  if (!question) return RefuseLogs(question.error(), request);
  const LogIndex::Page page =
      source_.index().Find(question->filter, question->before, question->limit);
  HttpResponse response = net::JsonResponse(
      200, fmt::format(R"({{"lines":{},"next":{},"status":{}}})", ToJson(page.entries),
                       page.next ? fmt::format("\"{}\"", page.next->ToString()) : "null",
                       source_.StatusJson()));
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

HttpResponse LogsService::TellOfRoom(const HttpRequest& request) const {
  const std::string_view room = request.Param("room");
  const auto admitted = door_.AdmitToRoom(request, room, auth::UnixSeconds());
  if (!admitted) return RefuseLogs(admitted.error(), request);
  const auto question = ReadRoomQuestion(request, *admitted, options_.time().unix_us);
  if (!question) return RefuseLogs(question.error(), request);
  auto told = TellRoom(source_.index(), *question);
  if (!told) return RefuseLogs(told.error(), request);
  HttpResponse response = net::JsonResponse(200, std::move(*told));
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

HttpResponse LogsService::LiveWithoutUpgrade(const HttpRequest& request) const {
  if (const auto admitted = door_.Admit(request, auth::UnixSeconds()); !admitted) {
    return RefuseLogs(admitted.error(), request);
  }
  HttpResponse response = net::ErrorResponse(
      426, {ErrorCode::kInvalidMessage, "The live log is a WebSocket: open it as one."},
      request.id);
  response.headers.Set("Upgrade", "websocket");
  return response;
}

asio::awaitable<void> LogsService::ReadOn() {
  while (!stop_.is_set()) {
    LogSource::News news = source_.Read(options_.time());
    live_.Offer(news.entries);
    if (news.has_more) {
      co_await asio::post(stop_.get_executor(), asio::use_awaitable);  // requests have their turn
    } else {
      co_await stop_.Wait(kReadInterval);
    }
  }
  read_ended_.Set();
}

}  // namespace confab::logs
