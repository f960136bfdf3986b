#include "backends/store/database.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "backends/store/limits.h"
#include "backends/store/text_rules.h"

namespace confab::store {
namespace {

bool IsStorable(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr || IsStorableText(*text);
}

}  // namespace

asio::awaitable<StoreResult<Rows>> Database::Run(Statement statement) {
  std::vector<Statement> statements;
  statements.push_back(std::move(statement));
  auto rows = co_await Transact(std::move(statements));
  if (!rows) co_return std::unexpected(std::move(rows.error()));
  co_return std::move(rows->front());
}

StoreResult<void> CheckStatements(const std::vector<Statement>& statements) {
  if (statements.empty() || statements.size() > kMaxStatements) {
    return FailStore(StoreFault::kRefused,
                     fmt::format("A transaction has 1 to {} statements, not {}", kMaxStatements,
                                 statements.size()));
  }
  for (const Statement& statement : statements) {
    if (statement.parameters().size() > kMaxParameters) {
      return FailStore(StoreFault::kRefused,
                       fmt::format("A statement has at most {} parameters", kMaxParameters));
    }
    if (!std::ranges::all_of(statement.parameters(), IsStorable)) {
      return FailStore(StoreFault::kRefused,
                       "A text is not UTF-8 or holds the character U+0000, which cannot be stored");
    }
  }
  return {};
}

}  // namespace confab::store
