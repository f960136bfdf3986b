#include "backends/store/testing/database_cases.h"

#include <stdexcept>
#include <utility>

#include "backends/store/postgres/postgres_database.h"
#include "backends/store/sqlite/sqlite_database.h"
#include "backends/store/testing/postgres_server.h"
#include "backends/store/testing/temp_folder.h"

namespace confab::store {
namespace {

class SqliteUnderTest final : public DatabaseUnderTest {
 public:
  explicit SqliteUnderTest(asio::io_context& io) : io_(io) {}
  std::unique_ptr<Database> Open() override {
    auto database = SqliteDatabase::Open(io_, {.file = file()});
    if (!database) throw std::runtime_error(database.error().message);
    return std::move(*database);
  }
  std::string url() const override { return "sqlite:" + file().string(); }

 private:
  std::filesystem::path file() const { return folder_.path() / "confab.db"; }

  asio::io_context& io_;
  TempFolder folder_;
};

class PostgresUnderTest final : public DatabaseUnderTest {
 public:
  PostgresUnderTest(asio::io_context& io, PostgresServer& server)
      : io_(io), url_(server.MakeDatabase()) {}
  std::unique_ptr<Database> Open() override {
    auto database = PostgresDatabase::Make(io_, {.url = url_});
    if (!database) throw std::runtime_error(database.error().message);
    return std::move(*database);
  }
  std::string url() const override { return url_; }

 private:
  asio::io_context& io_;
  std::string url_;
};

}  // namespace

std::unique_ptr<DatabaseUnderTest> MakeSqliteUnderTest(asio::io_context& io, std::string&) {
  return std::make_unique<SqliteUnderTest>(io);
}

std::unique_ptr<DatabaseUnderTest> MakePostgresUnderTest(asio::io_context& io,
                                                         std::string& why_not) {
  PostgresServer* server = PostgresServer::Shared(why_not);
  if (server == nullptr) return nullptr;
  return std::make_unique<PostgresUnderTest>(io, *server);
}

}  // namespace confab::store
