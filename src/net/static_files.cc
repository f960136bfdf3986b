#include "net/static_files.h"

#include <openssl/sha.h>
#include <sys/stat.h>

#include <array>
#include <fstream>

#include "base/bytes.h"

namespace confab::net {
namespace {

namespace fs = std::filesystem;

// Of the path below root; the file system's own limits are not reached by what a browser asks.
constexpr size_t kMaxPathBytes = 1024;
constexpr size_t kEtagBytes = 12;

std::string EtagOf(std::string_view content) {
  std::array<uint8_t, SHA256_DIGEST_LENGTH> digest;
  const BytesView bytes = AsBytes(content);
  SHA256(bytes.data(), bytes.size(), digest.data());
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string tag = "\"";
  for (size_t i = 0; i < kEtagBytes; ++i) {
    tag += kHex[digest[i] >> 4];
    tag += kHex[digest[i] & 15];
  }
  return tag + "\"";
}

// "gzip;q=0" means no (RFC 9110 §12.5.3).
bool Accepts(std::string_view accepted, std::string_view coding) {
  const size_t at = accepted.find(coding);
  if (at == accepted.npos) return false;
  const std::string_view rest = accepted.substr(at + coding.size());
  const std::string_view parameter = rest.substr(0, rest.find(','));
  return parameter.find("q=0") == parameter.npos || parameter.find("q=0.") != parameter.npos;
}

// RFC 9110 §13.1.2: weak comparison, a list, or "*".
bool Matches(std::string_view if_none_match, std::string_view etag) {
  return if_none_match == "*" || if_none_match.find(etag) != if_none_match.npos;
}

bool IsBelow(const fs::path& root, const fs::path& path) {
  const auto [end, ignored] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return end == root.end();
}

}  // namespace

struct StaticFiles::File {
  int64_t modified_ns = 0;
  int64_t size = 0;
  std::string etag;
  // Shared with the responses that are being sent.
  std::shared_ptr<const std::string> content;
};

Result<std::unique_ptr<StaticFiles>> StaticFiles::Open(StaticFilesOptions options) {
  std::error_code ec;
  const fs::path root = fs::canonical(options.root, ec);
  if (ec || !fs::is_directory(root, ec)) {
    return Fail(ErrorCode::kInvalidConfiguration,
                options.root.string() + " is no folder that can be served");
  }
  options.root = root;
  return std::unique_ptr<StaticFiles>(new StaticFiles(std::move(options)));  // private constructor
}

StaticFiles::StaticFiles(StaticFilesOptions options) : options_(std::move(options)) {}
StaticFiles::~StaticFiles() = default;

asio::awaitable<HttpResponse> StaticFiles::Handle(HttpRequest& request) {
  co_return Serve(request);
}

const StaticFiles::File* StaticFiles::Load(const std::string& name) {
  if (name.empty() || name.size() > kMaxPathBytes) return nullptr;
  const fs::path path = options_.root / name;
  struct stat status;
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
  if (static_cast<uint64_t>(status.st_size) > options_.max_file_bytes) return nullptr;
  const int64_t modified = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
  const auto found = cache_.find(name);
  if (found != cache_.end()) {
    const File& cached = found->second;
    if (cached.modified_ns == modified && cached.size == status.st_size) return &cached;
    cached_bytes_ -= cached.content->size();
    cache_.erase(found);
  }
  // A symbolic link may lead out.
  std::error_code ec;
  const fs::path real = fs::canonical(path, ec);
  if (ec || !IsBelow(options_.root, real)) return nullptr;
  std::ifstream in(real, std::ios::binary);
  std::string content(std::istreambuf_iterator<char>(in), {});
  if (!in) return nullptr;
  if (cached_bytes_ + content.size() > options_.max_cache_bytes) {
    cache_.clear();
    cached_bytes_ = 0;
  }
  cached_bytes_ += content.size();
  File file;
  file.modified_ns = modified;
  file.size = status.st_size;
  file.etag = EtagOf(content);
  file.content = std::make_shared<const std::string>(std::move(content));
  return &cache_.emplace(name, std::move(file)).first->second;
}

StaticFiles::Encoded StaticFiles::LoadEncoded(const std::string& name, std::string_view accepted) {
  if (Accepts(accepted, "br")) {
    if (const File* file = Load(name + ".br")) return {file, "br"};
  }
  if (Accepts(accepted, "gzip")) {
    if (const File* file = Load(name + ".gz")) return {file, "gzip"};
  }
  return {Load(name), ""};
}

bool StaticFiles::IsFile(const std::string& name) const {
  if (name.empty() || name.size() > kMaxPathBytes) return false;
  std::error_code ec;
  return fs::is_regular_file(options_.root / name, ec);
}

std::string StaticFiles::Resolve(const std::string& path) const {
  const bool is_folder = path.empty() || path.ends_with('/');
  const std::string bare = is_folder && !path.empty() ? path.substr(0, path.size() - 1) : path;
  const std::string index = bare.empty() ? "index.html" : bare + "/index.html";
  for (const std::string& name : {is_folder ? std::string() : bare, bare + ".html", index}) {
    if (IsFile(name)) return name;
  }
  for (const auto& rewrite : options_.rewrites) {
    if (("/" + path).starts_with(rewrite.prefix) && IsFile(rewrite.file)) return rewrite.file;
  }
  return {};
}

HttpResponse StaticFiles::Serve(const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    const Error error{ErrorCode::kInvalidMessage, "This address takes GET, HEAD."};
    HttpResponse response = ErrorResponse(405, error, request.id);
    response.headers.Set("Allow", "GET, HEAD");
    AddOwnersHeaders(response);
    return response;
  }
  const auto path = SafePath(request.path);
  const std::string name = path ? Resolve(*path) : std::string();
  return name.empty() ? NotFound(request) : Respond(request, name, 200);
}

HttpResponse StaticFiles::Respond(const HttpRequest& request, const std::string& name,
                                  unsigned status) {
  const auto [file, coding] = LoadEncoded(name, request.headers.Value("Accept-Encoding"));
  HttpResponse response;
  if (!file) {
    const Error error{ErrorCode::kNotFound, "There is nothing at this address."};
    response = ErrorResponse(error, request.id);
    AddOwnersHeaders(response);
    return response;
  }
  response.status = status;
  response.headers.Set("Content-Type", std::string(ContentTypeOf(name)));
  response.headers.Set("ETag", file->etag);
  response.headers.Set("Vary", "Accept-Encoding");
  const bool immutable = status == 200 && ("/" + name).starts_with(options_.immutable_prefix);
  response.headers.Set("Cache-Control",
                       immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (!coding.empty()) response.headers.Set("Content-Encoding", std::string(coding));
  AddOwnersHeaders(response);
  const auto if_none_match = request.headers.Find("If-None-Match");
  if (status == 200 && if_none_match && Matches(*if_none_match, file->etag)) {
    response.status = 304;
    response.headers.Remove("Content-Type");
    response.headers.Remove("Content-Encoding");
    return response;
  }
  response.shared_body = file->content;
  return response;
}

HttpResponse StaticFiles::NotFound(const HttpRequest& request) {
  return Respond(request, options_.not_found_file, 404);
}

void StaticFiles::AddOwnersHeaders(HttpResponse& response) const {
  for (const auto& [name, value] : options_.headers) response.headers.Set(name, value);
}

}  // namespace confab::net
