#include "services/gateway/api/idempotency.h"

#include <fmt/format.h>

#include <utility>

namespace confab::gateway {

std::string Idempotency::NameOf(const Question& question) {
  return fmt::format("{}:{}{}", question.caller.size(), question.caller, question.key);
}

void Idempotency::Forget(Timestamp now) {
  while (!order_.empty()) {
    const auto& [name, began] = order_.front();
    if (now - began < kLifetime && entries_.size() < kMaxAnswers) return;
    // A key that was abandoned and used again has a younger entry of the same name.
    const auto found = entries_.find(name);
    if (found != entries_.end() && found->second.began == began) entries_.erase(found);
    order_.pop_front();
  }
}

Result<std::optional<net::HttpResponse>> Idempotency::Begin(const Question& question,
                                                            Timestamp now) {
  if (question.key.empty() || question.key.size() > kMaxKeySize) {
    return Fail(ErrorCode::kInvalidMessage,
                fmt::format("Idempotency-Key must have 1 to {} characters.", kMaxKeySize));
  }
  Forget(now);
  const std::string name = NameOf(question);
  const auto found = entries_.find(name);
  if (found == entries_.end()) {
    entries_.emplace(name, Entry{question.content, std::nullopt, now});
    order_.emplace_back(name, now);
    return std::nullopt;
  }
  if (found->second.content != question.content) {
    return Fail(ErrorCode::kDuplicateId,
                "This Idempotency-Key was used for another request; choose a new one.");
  }
  if (!found->second.answer) {
    return Fail(ErrorCode::kDuplicateId,
                "The first request with this Idempotency-Key is still being worked on; ask again.");
  }
  return found->second.answer;
}

void Idempotency::Finish(const Question& question, net::HttpResponse answer) {
  const auto found = entries_.find(NameOf(question));
  if (found != entries_.end()) found->second.answer = std::move(answer);
}

void Idempotency::Abandon(const Question& question) {
  const auto found = entries_.find(NameOf(question));
  if (found != entries_.end() && !found->second.answer) entries_.erase(found);
}

}  // namespace confab::gateway
