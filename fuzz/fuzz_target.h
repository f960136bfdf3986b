#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"

// CONFAB_FUZZ_TARGET(name) { … input … } defines a fuzz target: a function that takes any bytes
// (`input`, a BytesView) and must come back. What must hold for every input is a CHECK in it.
//
// Each target lies in fuzz/targets/NAME.cc and is built twice: with libFuzzer as the program
// fuzz_NAME (preset fuzz), and into fuzz_regressions, which runs every kept input (all presets).

namespace confab::fuzz {

using TargetFunction = void (*)(BytesView input);

struct Target {
  std::string_view name;
  TargetFunction run;
};

// Every target of this program. Filled before main.
std::vector<Target>& Targets();

struct TargetRegistration {
  TargetRegistration(std::string_view name, TargetFunction run) {
    Targets().push_back({name, run});
  }
};

}  // namespace confab::fuzz

#define CONFAB_FUZZ_TARGET(name)                                                                \
  static void FuzzOne_##name(::confab::BytesView input);                                        \
  static const ::confab::fuzz::TargetRegistration kRegistration_##name(#name, &FuzzOne_##name); \
  static void FuzzOne_##name([[maybe_unused]] ::confab::BytesView input)
