#include "services/logs/pages.h"

#include <utility>

namespace confab::logs {
namespace {

constexpr const char* kMissing =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\">"
    "<title>confab logs</title><h1>The page of the logs is not here</h1>"
    "<p>The logs are read, but the web pages were not found. Build them with "
    "<code>./dev build</code>, or name their folder with <code>--web-dir</code>.</p></html>";

}  // namespace

Result<std::unique_ptr<Pages>> Pages::Open(const std::filesystem::path& web_dir) {
  std::unique_ptr<net::StaticFiles> files;
  if (!web_dir.empty()) {
    net::StaticFilesOptions options;
    options.root = web_dir;
    options.not_found_file = "";  // that page is the gateway's
    auto opened = net::StaticFiles::Open(std::move(options));
    if (!opened) return std::unexpected(opened.error());
    files = std::move(*opened);
  }
  return std::unique_ptr<Pages>(new Pages(std::move(files)));  // the constructor is private
}

asio::awaitable<net::HttpResponse> Pages::Handle(net::HttpRequest& request) {
  const bool is_call = request.path.starts_with("/rooms/");
  if ((request.path == "/" || is_call) && !files_) {
    net::HttpResponse response;
    response.status = 503;
    response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                        {"Cache-Control", "no-store"}};
    response.body = kMissing;
    co_return response;
  }
  if (request.path == "/") request.path = "/logs";
  // The page reads the room from its address.
  if (is_call) request.path = "/rooms";
  const bool is_ours = request.path == "/logs" || request.path == "/rooms" ||
                       request.path == "/icon.svg" || request.path.starts_with("/_next/static/");
  if (files_ && is_ours) co_return files_->Serve(request);
  co_return net::ErrorResponse({ErrorCode::kNotFound, "There is nothing at this address."},
                               request.id);
}

}  // namespace confab::logs
