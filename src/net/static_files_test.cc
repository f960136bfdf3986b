#include "net/static_files.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "net/local_addresses.h"

namespace confab::net {
namespace {

namespace fs = std::filesystem;

TEST(SafePath, RefusesEveryWayOut) {
  for (const char* path :
       {"/..",     "/../x",  "/a/../../x",   "/%2e%2e/x", "/%2E./x", "/a/%2e%2e%2fx",
        "/..%2fx", "/a//b",  "//etc/passwd", "/a/./b",    "/.env",   "/a/.git/config",
        "/a\\b",   "/a%5cb", "/a%00",        "/a%0a",     "/a%7f",   "a",
        "",        "/%",     "/%zz"}) {
    EXPECT_FALSE(SafePath(path)) << path;
  }
  EXPECT_EQ(SafePath("/"), "");
  EXPECT_EQ(SafePath("/a/b.c"), "a/b.c");
  EXPECT_EQ(SafePath("/a%20b/"), "a b/");
  EXPECT_EQ(SafePath("/a%252e%252e"), "a%2e%2e") << "decoded once";
}

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest() {
    std::string pattern = ::testing::TempDir() + "confab-www-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    Write("root/index.html", "start");
    Write("root/about.html", "about");
    Write("root/docs/index.html", "docs");
    Write("root/room.html", "the room");
    Write("root/404.html", "not here");
    Write("root/_next/static/app.js", "long script");
    Write("root/_next/static/app.js.br", "short");
    Write("root/_next/static/app.js.gz", "shorter");
    Write("secret.txt", "secret");
    Write("root-two/x.txt", "a neighbour whose name begins alike");
    StaticFilesOptions options;
    options.root = folder_ / "root";
    options.headers = {{"X-Frame-Options", "DENY"}};
    options.rewrites = {{"/room/", "room.html"}};
    files_ = std::move(*StaticFiles::Open(std::move(options)));
  }
  ~StaticFilesTest() override { fs::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }

  HttpResponse Ask(const std::string& path, HttpHeaders headers = {},
                   const std::string& method = "GET") {
    HttpRequest request;
    request.method = method;
    request.path = path;
    request.headers = std::move(headers);
    return files_->Serve(request);
  }

  fs::path folder_;
  std::unique_ptr<StaticFiles> files_;
};

TEST_F(StaticFilesTest, MapsAddressesToFiles) {
  const struct {
    const char* path;
    unsigned status;
    const char* content;
  } cases[] = {
      {"/", 200, "start"},
      {"/about", 200, "about"},
      {"/about.html", 200, "about"},
      {"/docs", 200, "docs"},
      {"/docs/", 200, "docs"},
      {"/room/abc", 200, "the room"},
      {"/room/abc/", 200, "the room"},
      {"/room", 200, "the room"},
      {"/nowhere", 404, "not here"},
      {"/../secret.txt", 404, "not here"},
      {"/_next", 404, "not here"},
  };
  for (const auto& c : cases) {
    const HttpResponse response = Ask(c.path);
    EXPECT_EQ(response.status, c.status) << c.path;
    EXPECT_EQ(response.content(), c.content) << c.path;
    EXPECT_EQ(response.headers.Value("Content-Type"), "text/html; charset=utf-8") << c.path;
    EXPECT_EQ(response.headers.Value("X-Frame-Options"), "DENY") << c.path;
  }
}

TEST_F(StaticFilesTest, DoesNotFollowLinksThatLeadOut) {
  fs::create_symlink(folder_ / "secret.txt", folder_ / "root/link.txt");
  fs::create_symlink(folder_ / "root-two", folder_ / "root/neighbour");
  fs::create_symlink(folder_ / "root/about.html", folder_ / "root/inside.html");
  EXPECT_EQ(Ask("/link.txt").status, 404u);
  EXPECT_EQ(Ask("/neighbour/x.txt").status, 404u);
  EXPECT_EQ(Ask("/inside").content(), "about");
}

TEST_F(StaticFilesTest, KnowsWhatTheClientHasAlready) {
  const std::string etag(Ask("/about").headers.Value("ETag"));
  EXPECT_EQ(etag.size(), 26u);
  const HttpResponse same = Ask("/about", {{"If-None-Match", "\"x\", " + etag}});
  EXPECT_EQ(same.status, 304u);
  EXPECT_EQ(same.content(), "");
  EXPECT_EQ(same.headers.Value("ETag"), etag);
  Write("root/about.html", "a new about");
  const HttpResponse changed = Ask("/about", {{"If-None-Match", etag}});
  EXPECT_EQ(changed.status, 200u);
  EXPECT_EQ(changed.content(), "a new about");
}

TEST_F(StaticFilesTest, ServesThePrecompressedFormThatIsAccepted) {
  const std::string path = "/_next/static/app.js";
  const HttpResponse plain = Ask(path);
  EXPECT_EQ(plain.content(), "long script");
  EXPECT_EQ(plain.headers.Value("Cache-Control"), "public, max-age=31536000, immutable");
  const HttpResponse brotli = Ask(path, {{"Accept-Encoding", "gzip, deflate, br"}});
  EXPECT_EQ(brotli.content(), "short");
  EXPECT_EQ(brotli.headers.Value("Content-Encoding"), "br");
  EXPECT_EQ(brotli.headers.Value("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_NE(brotli.headers.Value("ETag"), plain.headers.Value("ETag"));
  EXPECT_EQ(Ask(path, {{"Accept-Encoding", "gzip, br;q=0"}}).content(), "shorter");
  EXPECT_EQ(Ask("/about").headers.Value("Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, TakesOnlyGetAndHead) {
  const HttpResponse response = Ask("/about", {}, "POST");
  EXPECT_EQ(response.status, 405u);
  EXPECT_EQ(response.headers.Value("Allow"), "GET, HEAD");
  EXPECT_EQ(Ask("/about", {}, "HEAD").status, 200u);
}

TEST_F(StaticFilesTest, RefusesARootThatIsNoFolder) {
  StaticFilesOptions options;
  options.root = folder_ / "secret.txt";
  EXPECT_FALSE(StaticFiles::Open(options));
  options.root = folder_ / "missing";
  EXPECT_FALSE(StaticFiles::Open(options));
}

TEST(LocalAddresses, EndWithLoopbackAndRepeatNothing) {
  const auto addresses = LocalAddresses();
  ASSERT_FALSE(addresses.empty());
  EXPECT_TRUE(addresses.back().is_loopback());
  bool loopback = false;
  for (size_t i = 0; i < addresses.size(); ++i) {
    EXPECT_TRUE(addresses[i].is_loopback() || !loopback) << "loopback is last";
    loopback = addresses[i].is_loopback();
    for (size_t j = 0; j < i; ++j) EXPECT_NE(addresses[i], addresses[j]);
  }
}

}  // namespace
}  // namespace confab::net
