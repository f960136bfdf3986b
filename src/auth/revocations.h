#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace confab::auth {

// What is no longer valid although its signature is, until it would have expired by itself. At the
// limit the revocation that ends first is forgotten. Times are seconds since the Unix epoch. Lives
// on its owner's thread.
class Revocations {
 public:
  // 250 octets each at most, 5 MB; removals of a quarter of an hour, all instances together.
  static constexpr size_t kMaxSubjects = 20'000;

  explicit Revocations(size_t max_subjects = kMaxSubjects) : max_subjects_(max_subjects) {}

  // Of several for one subject the latest counts.
  void Add(std::string_view subject, int64_t expires_at_s, int64_t now_s);
  bool Has(std::string_view subject, int64_t now_s) const;
  size_t size() const { return expiries_.size(); }

 private:
  void Forget(int64_t now_s);
  void RemoveFirst();

  size_t max_subjects_;
  std::unordered_map<std::string, int64_t> expiries_;  // by subject
  std::set<std::pair<int64_t, std::string>> order_;    // the same, by expiry
};

// The subject under which a participant's resume tokens are revoked.
std::string ResumeSubject(std::string_view room, std::string_view participant);

}  // namespace confab::auth
