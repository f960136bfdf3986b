#pragma once

#include <filesystem>
#include <memory>

#include "net/http_handler.h"
#include "net/static_files.h"

namespace confab::logs {

// The viewer's page at "/", that of a call at "/rooms/NAME", and what they load; nothing else of
// the exported pages. Where they were not built, a page that says so.
class Pages final : public net::HttpHandler {
 public:
  // `web_dir` empty: there are none. Error kInvalidConfiguration: it is no folder.
  static Result<std::unique_ptr<Pages>> Open(const std::filesystem::path& web_dir);

  asio::awaitable<net::HttpResponse> Handle(net::HttpRequest& request) override;

 private:
  explicit Pages(std::unique_ptr<net::StaticFiles> files) : files_(std::move(files)) {}

  std::unique_ptr<net::StaticFiles> files_;  // nullptr: none
};

}  // namespace confab::logs
