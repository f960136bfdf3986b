#include "backends/store/postgres/postgres_fault.h"

#include <fmt/format.h>

#include <array>

namespace confab::store {
namespace {

struct Meaning {
  std::string_view sqlstate;  // or its class: the first two letters
  StoreFault fault;
  std::string_view advice;
};

// The first that fits.
constexpr std::array kMeanings = {
    Meaning{"53100", StoreFault::kFull, "free room on the server's disk"},
    Meaning{"53", StoreFault::kBusy, "the server has no more connections or memory to give"},
    Meaning{"57014", StoreFault::kBusy, "it took too long; try again, and look at the server"},
    Meaning{"55", StoreFault::kBusy, "others hold its locks; try again"},
    Meaning{"40", StoreFault::kBusy, "others were in the way; try again"},
    Meaning{"22", StoreFault::kRefused, "the value cannot be stored"},
    Meaning{"23", StoreFault::kRefused, "it contradicts what is stored"},
    Meaning{"08", StoreFault::kUnavailable, "the connection broke; try again"},
    Meaning{"57", StoreFault::kUnavailable, "the server goes down or comes up; try again"},
    Meaning{"25006", StoreFault::kUnavailable,
            "the server only reads; try again for the other one"},
    Meaning{"26000", StoreFault::kUnavailable, "a proxy in between changed the session; try again"},
    Meaning{"28", StoreFault::kUnavailable, "look at the user and its password"},
    Meaning{"58", StoreFault::kUnavailable, "look at the server's disk"},
    Meaning{"42501", StoreFault::kBroken, "give the user the right to it"},
};

}  // namespace

StoreError PostgresError(std::string_view sqlstate, std::string_view message) {
  for (const Meaning& meaning : kMeanings) {
    if (!sqlstate.starts_with(meaning.sqlstate)) continue;
    return {meaning.fault,
            fmt::format("PostgreSQL refused ({}): {}", OneLine(message), meaning.advice)};
  }
  return {StoreFault::kBroken,
          fmt::format("PostgreSQL refused ({} {}): this is a mistake in the program or its schema",
                      sqlstate, OneLine(message))};
}

bool EndsConnection(std::string_view sqlstate) {
  if (sqlstate == "57014") return false;  // one statement that took too long
  return sqlstate.starts_with("57") || sqlstate.starts_with("08") || sqlstate == "25006" ||
         sqlstate == "26000";
}

std::string OneLine(std::string_view message) {
  std::string line;
  for (const char c : message) line.push_back(c == '\n' ? ' ' : c);
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace confab::store
