#include <algorithm>
#include <array>

#include "net/http_message.h"
#include "net/static_files.h"

namespace confab::net {
namespace {

bool IsSafeSegment(std::string_view segment) {
  // ".", ".." and hidden files begin with a dot.
  return !segment.empty() && segment.front() != '.';
}

bool IsControlOrBackslash(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\';
}

struct Type {
  std::string_view ending;
  std::string_view type;
};
constexpr std::array kTypes{
    Type{".html", "text/html; charset=utf-8"},
    Type{".js", "text/javascript; charset=utf-8"},
    Type{".mjs", "text/javascript; charset=utf-8"},
    Type{".css", "text/css; charset=utf-8"},
    Type{".json", "application/json"},
    Type{".map", "application/json"},
    Type{".webmanifest", "application/manifest+json"},
    Type{".txt", "text/plain; charset=utf-8"},
    Type{".svg", "image/svg+xml"},
    Type{".png", "image/png"},
    Type{".jpg", "image/jpeg"},
    Type{".jpeg", "image/jpeg"},
    Type{".gif", "image/gif"},
    Type{".webp", "image/webp"},
    Type{".avif", "image/avif"},
    Type{".ico", "image/x-icon"},
    Type{".woff2", "font/woff2"},
    Type{".woff", "font/woff"},
    Type{".ttf", "font/ttf"},
    Type{".wasm", "application/wasm"},
    Type{".mp3", "audio/mpeg"},
    Type{".ogg", "audio/ogg"},
    Type{".wav", "audio/wav"},
    Type{".mp4", "video/mp4"},
    Type{".webm", "video/webm"},
    Type{".xml", "application/xml"},
};

}  // namespace

std::optional<std::string> SafePath(std::string_view request_path) {
  const auto decoded = DecodePercent(request_path);
  if (!decoded || !decoded->starts_with('/')) return std::nullopt;
  if (std::ranges::any_of(*decoded, IsControlOrBackslash)) return std::nullopt;
  std::string path = decoded->substr(1);
  std::string_view rest = path;
  while (!rest.empty()) {
    const size_t end = rest.find('/');
    if (!IsSafeSegment(rest.substr(0, end))) return std::nullopt;
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return path;
}

std::string_view ContentTypeOf(std::string_view name) {
  const auto found =
      std::ranges::find_if(kTypes, [&](const Type& type) { return name.ends_with(type.ending); });
  return found == kTypes.end() ? "application/octet-stream" : found->type;
}

}  // namespace confab::net
