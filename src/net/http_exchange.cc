#include "net/http_exchange.h"

#include "net/http_parse.h"

namespace confab::net {
namespace {

namespace http = boost::beast::http;

constexpr size_t kResponseReadBytes = 16 * 1024;
constexpr size_t kMaxHeaderBytes = 32 * 1024;
constexpr int kMaxInterimResponses = 8;

std::unexpected<Error> BrokenAnswer(const std::string& what) {
  return Fail(ErrorCode::kUnavailable, "broken answer: " + what);
}

bool IsInterim(unsigned status) {
  return status >= 100 && status < 200 && status != 101;
}

// One response, interim or final; `in` keeps what was read behind it.
asio::awaitable<Result<HttpResponse>> ReadOne(Stream& stream, std::string_view method,
                                              size_t max_body_bytes, std::string& in) {
  ResponseParser parser;
  parser.eager(true);
  parser.header_limit(kMaxHeaderBytes);
  parser.body_limit(max_body_bytes);
  parser.skip(method == "HEAD");
  for (;;) {
    error_code ec;
    if (!in.empty()) {
      in.erase(0, parser.put(asio::buffer(in), ec));
      if (ec && ec != http::error::need_more) co_return BrokenAnswer(ec.message());
    }
    if (parser.is_done()) break;
    const size_t before = in.size();
    in.resize(before + kResponseReadBytes);
    const auto count = co_await stream.Read(asio::buffer(&in[before], kResponseReadBytes));
    in.resize(before + count.value_or(0));
    if (count) continue;
    // Beast's parser may be told of an end only after it has had something.
    if (!parser.got_some()) co_return BrokenAnswer(count.error().message);
    // Without a length the body ends with the connection.
    parser.put_eof(ec);
    if (ec || !parser.is_done()) co_return BrokenAnswer(count.error().message);
    break;
  }
  auto message = parser.release();
  HttpResponse response;
  response.status = message.result_int();
  response.headers = ToHeaders(message);
  response.body = std::move(message.body());
  co_return response;
}

}  // namespace

asio::awaitable<Result<void>> SendRequest(Stream& stream, const std::string& head,
                                          const std::string& body) {
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(body)};
  co_return co_await stream.WriteAll(buffers);
}

asio::awaitable<Result<HttpResponse>> ReadResponse(Stream& stream, std::string_view method,
                                                   size_t max_body_bytes) {
  std::string in;
  for (int i = 0; i < kMaxInterimResponses; ++i) {
    auto response = co_await ReadOne(stream, method, max_body_bytes, in);
    if (!response || !IsInterim(response->status)) {
      if (!in.empty()) stream.Unread(std::move(in));
      co_return response;
    }
  }
  co_return BrokenAnswer("too many interim responses");
}

}  // namespace confab::net
