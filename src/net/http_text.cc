#include "net/http_text.h"

#include <ctime>
#include <vector>

namespace confab::net {

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void AppendHeaders(std::string& out, const HttpHeaders& headers) {
  using namespace std::string_view_literals;
  constexpr auto kBreaking = "\r\n\0"sv;
  for (const auto& [name, value] : headers) {
    if (name.find_first_of(kBreaking) != name.npos) continue;
    if (value.find_first_of(kBreaking) != value.npos) continue;
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  }
}

std::string RequestHead(std::string_view method, std::string_view target,
                        const HttpHeaders& headers) {
  std::string head(method);
  head += ' ';
  head += target;
  head += " HTTP/1.1\r\n";
  AppendHeaders(head, headers);
  head += "\r\n";
  return head;
}

std::string ResponseHead(unsigned status, const HttpHeaders& headers) {
  std::string head = "HTTP/1.1 " + std::to_string(status) + " ";
  head += HttpReason(status);
  head += "\r\n";
  AppendHeaders(head, headers);
  head += "\r\n";
  return head;
}

const std::string& HttpDate() {
  thread_local std::time_t made_at = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != made_at) {
    made_at = now;
    std::tm parts;
    gmtime_r(&now, &parts);
    char buffer[64];
    text.assign(buffer, std::strftime(buffer, sizeof(buffer), "%a, %d %b %Y %T GMT", &parts));
  }
  return text;
}

void RemoveHopByHop(HttpHeaders& headers) {
  std::vector<std::string> named;
  for (const auto& [name, value] : headers) {
    if (headers.HasToken("Connection", name)) named.push_back(name);
  }
  for (const std::string& name : named) headers.Remove(name);
  for (const char* name :
       {"Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade"}) {
    headers.Remove(name);
  }
}

}  // namespace confab::net
