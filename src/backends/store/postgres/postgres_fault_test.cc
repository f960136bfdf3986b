#include "backends/store/postgres/postgres_fault.h"

#include <gtest/gtest.h>

#include "backends/store/postgres/connection_parameters.h"

namespace confab::store {
namespace {

TEST(PostgresFault, SaysWhatTheCallerCanDo) {
  struct Case {
    std::string_view sqlstate;
    StoreFault fault;
  };
  for (const auto& [sqlstate, fault] : {
           Case{"53100", StoreFault::kFull},
           Case{"53300", StoreFault::kBusy},
           Case{"57014", StoreFault::kBusy},
           Case{"40P01", StoreFault::kBusy},
           Case{"55P03", StoreFault::kBusy},
           Case{"57P01", StoreFault::kUnavailable},
           Case{"08006", StoreFault::kUnavailable},
           Case{"25006", StoreFault::kUnavailable},
           Case{"26000", StoreFault::kUnavailable},
           Case{"23505", StoreFault::kRefused},
           Case{"22021", StoreFault::kRefused},
           Case{"42P01", StoreFault::kBroken},
           Case{"XX000", StoreFault::kBroken},
       }) {
    EXPECT_EQ(PostgresError(sqlstate, "why").fault, fault) << sqlstate;
  }
}

TEST(PostgresFault, LeavesConnectionsThatAreOfNoMoreUse) {
  for (const char* sqlstate : {"57P01", "57P02", "08006", "25006", "26000"}) {
    EXPECT_TRUE(EndsConnection(sqlstate)) << sqlstate;
  }
  for (const char* sqlstate : {"57014", "23505", "42P01", "53100"}) {
    EXPECT_FALSE(EndsConnection(sqlstate)) << sqlstate;
  }
}

TEST(ConnectionParameters, PutTheUrlAboveTheDefaults) {
  const auto parameters =
      ParseConnectionUrl("postgresql://u:p%40ss@h:1234/d?application_name=other&sslmode=require");
  ASSERT_TRUE(parameters) << parameters.error().message;
  EXPECT_EQ(parameters->at("application_name"), "other");
  EXPECT_EQ(parameters->at("password"), "p@ss");
  EXPECT_EQ(parameters->at("sslmode"), "require");
  EXPECT_EQ(parameters->at("target_session_attrs"), "read-write");
}

}  // namespace
}  // namespace confab::store
