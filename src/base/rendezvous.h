#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <vector>

namespace confab {

// Rendezvous hashing (highest random weight): everyone who knows the same nodes gives a key to the
// same one, without asking anybody. When a node goes, only its keys move; when one comes, it takes
// its share and nothing else moves. Pure. The weights are part of the contract between processes of
// different releases: never change them.

// How much `node` wants `key`; the highest wins. FNV-1a over both, parted by an octet that UTF-8
// does not have, then the finaliser of SplitMix64: FNV alone leaves the weights of similar names
// close to each other.
constexpr uint64_t RendezvousWeight(std::string_view key, std::string_view node) {
  constexpr uint64_t kPrime = 0x100000001b3;
  constexpr uint64_t kParting = 0xff;
  uint64_t hash = 0xcbf29ce484222325;
  const auto take = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * kPrime;
  };
  take(key);
  hash = (hash ^ kParting) * kPrime;
  take(node);
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

// The positions of `nodes` (texts), the one that wants `key` most first. The order of `nodes` does
// not matter: equal weights are decided by the names.
template <typename Nodes>
std::vector<size_t> RendezvousOrder(std::string_view key, const Nodes& nodes) {
  std::vector<size_t> order(nodes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, [&](size_t a, size_t b) {
    const uint64_t weight_a = RendezvousWeight(key, nodes[a]);
    const uint64_t weight_b = RendezvousWeight(key, nodes[b]);
    return weight_a != weight_b ? weight_a > weight_b
                                : std::string_view(nodes[a]) < std::string_view(nodes[b]);
  });
  return order;
}

}  // namespace confab
