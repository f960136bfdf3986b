#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "base/units.h"
#include "net/http_message.h"

namespace confab::gateway {

// The answers to requests that carried an Idempotency-Key: a caller that did not hear the answer
// asks again with the same key and gets it, without the work being done twice. Kept for kLifetime
// in this process; at most kMaxAnswers, the oldest goes first. Pure.
class Idempotency {
 public:
  static constexpr size_t kMaxKeySize = 64;
  static constexpr size_t kMaxAnswers = 10'000;
  static constexpr TimeDelta kLifetime = TimeDelta::Seconds(600);

  // What was asked: `caller` tells callers apart, `content` is all that matters of the request.
  struct Question {
    std::string caller;
    std::string key;
    std::string content;
  };

  // The earlier answer; or nothing: do the work, then call Finish or Abandon. Error:
  // kDuplicateId where the same key came with another request or the first is still being worked
  // on, kInvalidMessage where the key is empty or too long.
  Result<std::optional<net::HttpResponse>> Begin(const Question& question, Timestamp now);
  void Finish(const Question& question, net::HttpResponse answer);
  // The work was not done: the key is free.
  void Abandon(const Question& question);

  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string content;
    std::optional<net::HttpResponse> answer;
    Timestamp began;
  };

  static std::string NameOf(const Question& question);
  void Forget(Timestamp now);

  std::unordered_map<std::string, Entry> entries_;
  std::deque<std::pair<std::string, Timestamp>> order_;  // by age; may name what is gone
};

}  // namespace confab::gateway
