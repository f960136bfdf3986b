#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "app/config/config.h"
#include "auth/claims.h"
#include "backends/store/make_store.h"
#include "base/error.h"

namespace confab::app {

// `confab token`: makes tokens and API keys by the keys in the data folder, and explains tokens.
struct TokenRun {
  static constexpr uint32_t kMaxMinutes = 24 * 60;

  enum class Action : uint8_t { kJoin, kApi, kKeyNew, kKeyList, kKeyRemove, kShow };

  Action action = Action::kShow;
  auth::JoinClaims join;            // for kJoin, without id and expiry
  std::vector<std::string> scopes;  // for kApi and kKeyNew
  std::string room;                 // for kApi and kKeyNew; "": all
  std::string subject = "cli";      // for kApi
  uint32_t minutes = 0;             // 1…kMaxMinutes; 0: as the server does
  std::string key_id;               // for kKeyRemove
  std::string token;                // for kShow; "" or "-": TokenPlaces::input has it
};

// What the command prints, and the process's status: 0 done, 1 failed or the token does not verify.
struct TokenOutcome {
  int status = 0;
  std::string text;  // to print: stdout with status 0 or for kShow, else stderr

  static TokenOutcome Failed(const Error& error) {
    return {.status = 1, .text = error.message + '\n'};
  }
};

// Where keys are, and a token that is not among the arguments, which other users can see.
struct TokenPlaces {
  std::filesystem::path data_dir;
  // That all processes share. Nothing: API keys are in data_dir alone.
  std::optional<store::StoreOptions> store = {};
  std::istream* input = nullptr;  // its first line; nullptr: there is none
};

// `now_s` is Unix time.
TokenOutcome RunToken(const TokenRun& run, const TokenPlaces& places, int64_t now_s);

// The same with the configured places and the system's clock, printed. Status 2: the
// configuration cannot be used.
int TokenCommand(const TokenRun& run, const Config& config);

}  // namespace confab::app
