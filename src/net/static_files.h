#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/http_handler.h"

namespace confab::net {

struct StaticFilesOptions {
  std::filesystem::path root;
  // Added to every response: Content-Security-Policy and the like are the owner's decision.
  HttpHeaders headers;
  // A path below `prefix` that is no file is answered with `file`: {"/room/", "room.html"} lets
  // the page's own code read the room's name from the address.
  struct Rewrite {
    std::string prefix;
    std::string file;
  };
  std::vector<Rewrite> rewrites;
  // The body of a 404 for people, below root; "" or missing: the JSON error shape.
  std::string not_found_file = "404.html";
  // Paths below are content-addressed: cached for a year, immutable.
  std::string immutable_prefix = "/_next/static/";
  size_t max_file_bytes = 32 * 1024 * 1024;   // larger files: 404
  size_t max_cache_bytes = 64 * 1024 * 1024;  // contents kept in memory; beyond, the cache restarts
};

// Serves a folder, made for the static export of a web UI: "/x" is x, x.html or x/index.html, with
// content types, strong ETags and If-None-Match, and FILE.br or FILE.gz where the client takes
// them. A path cannot leave the root: ".." , NUL, backslash and their encoded forms, dot files, and
// symbolic links that lead outside are 404. GET and HEAD only.
class StaticFiles final : public HttpHandler {
 public:
  // Error kInvalidConfiguration: root is no folder.
  static Result<std::unique_ptr<StaticFiles>> Open(StaticFilesOptions options);
  ~StaticFiles() override;

  asio::awaitable<HttpResponse> Handle(HttpRequest& request) override;
  // The same without a coroutine.
  HttpResponse Serve(const HttpRequest& request);

 private:
  struct File;
  struct Encoded {
    const File* file;         // nullptr: there is none
    std::string_view coding;  // for Content-Encoding; "" where as it is
  };

  explicit StaticFiles(StaticFilesOptions options);
  // Pointers live until the next Load.
  const File* Load(const std::string& name);
  Encoded LoadEncoded(const std::string& name, std::string_view accepted);
  bool IsFile(const std::string& name) const;
  // The file's name below root for a safe path; "" where there is none.
  std::string Resolve(const std::string& path) const;
  HttpResponse Respond(const HttpRequest& request, const std::string& name, unsigned status);
  HttpResponse NotFound(const HttpRequest& request);
  void AddOwnersHeaders(HttpResponse& response) const;

  StaticFilesOptions options_;
  // By name below root. A file that changed on disk is read anew. Pointers live until the next
  // call.
  std::unordered_map<std::string, File> cache_;
  size_t cached_bytes_ = 0;
};

// The path below a root, without the leading '/', for the path of a request: percent-decoded once.
// Nothing for a path that could mean something outside or hidden: "..", ".", a segment that begins
// with a dot, NUL, control characters, backslash, an empty segment in the middle.
std::optional<std::string> SafePath(std::string_view request_path);
// By the name's ending; "application/octet-stream" where unknown.
std::string_view ContentTypeOf(std::string_view name);

}  // namespace confab::net
