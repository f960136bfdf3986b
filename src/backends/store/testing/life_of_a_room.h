#pragma once

#include <functional>
#include <string>

#include "backends/store/store.h"
#include "backends/store/testing/wait_for.h"

namespace confab::store {

// A story in which every call of every repository happens, each repeated, as callers do, until it
// is acknowledged. Names and ids begin with the prefix, so that the story can happen again in one
// database; times are around `now_us`.
class LifeOfARoom {
 public:
  LifeOfARoom(asio::io_context& io, Store& store, std::string prefix, int64_t now_us);

  // "" where everything came out as it should, exactly once, else the first thing that did not.
  std::string Live();

 private:
  // Repeats while the fault is one that passes.
  template <typename T>
  T Insist(const std::function<asio::awaitable<StoreResult<T>>()>& call);
  void Insist(const std::function<asio::awaitable<StoreResult<void>>()>& call);
  void Expect(bool is_so, const std::string& what);

  void SetUpRoom();
  void PlaceRoom();
  void KeepSessions();
  void Write();
  void UseTokens();
  void Look();

  asio::io_context& io_;
  Store& store_;
  std::string prefix_;
  int64_t now_us_;
  std::string room_ = prefix_ + "room";
  std::string wrong_;
};

}  // namespace confab::store
