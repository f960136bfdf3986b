#pragma once

#include <array>
#include <map>
#include <utility>
#include <vector>

#include "sim/invariant/index_set.h"
#include "sim/invariant/invariant.h"

namespace confab::sim {

// No (key, ssrc, index) seals two packets (RFC 7714 §8.4: it would give the key away). A key is its
// bytes, whoever prepared it.
class SealedOnce final : public Invariant {
 public:
  std::string_view name() const override { return "sealed-once"; }

  // What has been sealed with one key; stays with this object.
  class Key;
  Key& KeyOf(const rtc::SrtpMasterKey& master);
  void OnSeal(Key& key, const rtc::SealJob& job);

  class Key {
   public:
    bool Insert(const rtc::SealJob& job);

   private:
    std::map<std::pair<rtc::SrtpKind, rtc::Ssrc>, IndexSet> sealed_;
    std::pair<rtc::SrtpKind, rtc::Ssrc> last_name_;
    IndexSet* last_ = nullptr;
  };

 private:
  std::map<std::pair<std::array<uint8_t, 32>, std::array<uint8_t, 14>>, Key> keys_;
};

}  // namespace confab::sim
