#pragma once

#include <cstdint>
#include <set>
#include <vector>

namespace confab::sim {

// Which indices of one stream have been used: a bitmap from a little before the first one on.
class IndexSet {
 public:
  // False: it was there already.
  bool Insert(uint64_t index) {
    if (words_.empty()) base_ = index > kBefore ? (index - kBefore) & ~uint64_t{63} : 0;
    if (index < base_ || index - base_ >= kReach) return far_.insert(index).second;
    const auto word = static_cast<size_t>((index - base_) / 64);
    if (word >= words_.size()) words_.resize(word + 1 + words_.size() / 2);
    const uint64_t bit = uint64_t{1} << (index % 64);
    if ((words_[word] & bit) != 0) return false;
    words_[word] |= bit;
    return true;
  }
  bool Has(uint64_t index) const {
    if (words_.empty()) return false;
    if (index < base_ || index - base_ >= kReach) return far_.contains(index);
    const auto word = static_cast<size_t>((index - base_) / 64);
    const uint64_t bit = uint64_t{1} << (index % 64);
    return word < words_.size() && (words_[word] & bit) != 0;
  }

 private:
  static constexpr uint64_t kBefore = 1024;
  static constexpr uint64_t kReach = uint64_t{1} << 28;  // 32 MB at most
  uint64_t base_ = 0;
  std::vector<uint64_t> words_;
  std::set<uint64_t> far_;
};

}  // namespace confab::sim
