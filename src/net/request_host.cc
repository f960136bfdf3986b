#include "net/request_host.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>

namespace confab::net {
namespace {

constexpr size_t kMaxPortDigits = 5;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsHex(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool IsOfName(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
         c == '_';
}

bool IsOfAddress(char c) {
  return IsHex(c) || c == ':' || c == '.';
}

// "" or ":443".
bool IsPort(std::string_view text) {
  if (text.empty()) return true;
  return text.front() == ':' && text.size() > 1 && text.size() <= 1 + kMaxPortDigits &&
         std::ranges::all_of(text.substr(1), IsDigit);
}

// Narrower than RFC 3986 §3.2.2: nothing that could end a header, a link or a log line, no user
// name and no escape.
bool IsHost(std::string_view text) {
  if (text.empty() || text.size() > kMaxHostBytes) return false;
  if (text.front() == '[') {
    const size_t end = text.find(']');
    return end != text.npos && end > 1 &&
           std::ranges::all_of(text.substr(1, end - 1), IsOfAddress) &&
           IsPort(text.substr(end + 1));
  }
  const size_t colon = std::min(text.find(':'), text.size());
  return colon > 0 && std::ranges::all_of(text.substr(0, colon), IsOfName) &&
         IsPort(text.substr(colon));
}

size_t CountHosts(const HttpHeaders& headers) {
  return static_cast<size_t>(std::ranges::count_if(
      headers, [](const auto& field) { return boost::beast::iequals(field.first, "Host"); }));
}

// The length of "http://" or "https://" at the beginning; 0 where neither is.
size_t SchemeLength(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (boost::beast::iequals(target.substr(0, scheme.size()), scheme)) return scheme.size();
  }
  return 0;
}

// RFC 9112 §3.2.2: the host in the target counts, whatever Host says.
void TakeHostFromTarget(HttpRequest& request) {
  const size_t begin = SchemeLength(request.target);
  if (begin == 0) return;
  const size_t end = std::min(request.target.find_first_of("/?", begin), request.target.size());
  std::string rest = request.target.substr(end);
  request.headers.Set("Host", request.target.substr(begin, end - begin));
  SetTarget(request, rest.starts_with('/') ? std::move(rest) : "/" + rest);
}

}  // namespace

void SetTarget(HttpRequest& request, std::string target) {
  request.target = std::move(target);
  const size_t question = std::min(request.target.find('?'), request.target.size());
  request.path = request.target.substr(0, question);
  request.query = question == request.target.size() ? "" : request.target.substr(question + 1);
}

Result<void> SettleHost(HttpRequest& request, HttpVersion version) {
  const size_t hosts = CountHosts(request.headers);
  if (hosts > 1) return Fail(ErrorCode::kInvalidMessage, "Host stands there more than once.");
  TakeHostFromTarget(request);
  if (!request.target.starts_with('/') && !(request.method == "OPTIONS" && request.target == "*")) {
    return Fail(ErrorCode::kInvalidMessage, "The address must begin with a slash.");
  }
  const auto host = request.headers.Find("Host");
  if (!host && version == HttpVersion::k10) return {};
  if (host && IsHost(*host)) return {};
  return Fail(ErrorCode::kInvalidMessage, "Host must be there: a name or an address, and a port.");
}

}  // namespace confab::net
