#pragma once

#include <memory>
#include <string>

#include "backends/store/database.h"

namespace confab::store {

// What the conformance suites run against: an empty database, and as many ways to it as one wants.
class DatabaseUnderTest {
 public:
  virtual ~DatabaseUnderTest() = default;

  // As another process would open it.
  virtual std::unique_ptr<Database> Open() = 0;
  // What MakeStore takes.
  virtual std::string url() const = 0;
};

struct DatabaseCase {
  const char* name;
  // nullptr with `why_not` where it cannot be had here.
  std::unique_ptr<DatabaseUnderTest> (*make)(asio::io_context& io, std::string& why_not);
};

std::unique_ptr<DatabaseUnderTest> MakeSqliteUnderTest(asio::io_context& io, std::string& why_not);
std::unique_ptr<DatabaseUnderTest> MakePostgresUnderTest(asio::io_context& io,
                                                         std::string& why_not);

}  // namespace confab::store
