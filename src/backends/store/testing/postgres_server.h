#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "backends/store/testing/temp_folder.h"

namespace confab::store {

// A PostgreSQL of the test's own, on a port of 127.0.0.1 and in a temporary folder. It ends with
// the test program, however that ends. As root it runs as the user postgres, whom Debian's package
// makes.
class PostgresServer {
 public:
  // nullptr with `why_not` where none can be started: no programs in CONFAB_TEST_POSTGRES (default:
  // /usr/lib/postgresql/15/bin).
  static std::unique_ptr<PostgresServer> Start(std::string& why_not, int max_connections = 40);
  // The one that the tests of this program share.
  static PostgresServer* Shared(std::string& why_not);
  ~PostgresServer();

  // The URL of a new, empty place: a schema, which is made in no time; a database takes half a
  // second.
  std::string MakeDatabase();
  // The same database over the server's socket in the file system.
  std::string SocketUrl(const std::string& url) const;
  // Stops it as a crash would, without a checkpoint; returns when it is gone.
  void Crash();
  // After Crash; returns when it takes connections.
  void StartAgain();
  // By a connection of its own to this database; "" or the first column of the first row.
  static std::string Ask(const std::string& url, const std::string& sql);

 private:
  explicit PostgresServer(int max_connections) : max_connections_(max_connections) {}

  std::vector<std::string> Command(std::vector<std::string> words) const;
  bool Initialise();
  void Launch();
  bool IsReady() const;
  std::string url() const;

  TempFolder folder_;
  int max_connections_;
  uint16_t port_ = 0;
  pid_t process_ = 0;
  int databases_ = 0;
};

}  // namespace confab::store
