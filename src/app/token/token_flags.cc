#include "app/token/token_flags.h"

#include <CLI/CLI.hpp>

namespace confab::app {
namespace {

CLI::App& AddCommand(CLI::App& parent, TokenRun& run, TokenRun::Action action, const char* name,
                     const char* help) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->callback([&run, action] { run.action = action; });
  return *command;
}

void AddMinutes(CLI::App& command, TokenRun& run) {
  command.add_option("--minutes", run.minutes, "how long it is valid")
      ->check(CLI::Range(1u, TokenRun::kMaxMinutes));
}

void AddScopes(CLI::App& command, TokenRun& run) {
  command.add_option("--scope", run.scopes, "what may be done, for example rooms:read; repeatable");
  command.add_option("--room", run.room, "for this room alone");
}

void AddGrantFlags(CLI::App& command, auth::Grants& grants) {
  const auto without = [&](const char* flag, bool& grant, const char* help) {
    command.add_flag_callback(flag, [&grant] { grant = false; }, help);
  };
  without("--no-audio", grants.audio, "may send no sound");
  without("--no-video", grants.video, "may send no camera");
  without("--no-screen", grants.screen, "may not share a screen");
  without("--no-chat", grants.chat, "may not chat");
  without("--no-data", grants.data, "reserved: there are no data channels yet");
  command.add_flag_callback("--hidden", [&grants] { grants.hidden = true; }, "unseen by others");
  command.add_flag_callback(
      "--moderate", [&grants] { grants.moderate = true; }, "may remove and mute others");
}

void AddJoin(CLI::App& token, TokenRun& run) {
  CLI::App& join = AddCommand(token, run, TokenRun::Action::kJoin, "join",
                              "a token that lets one person into a room");
  join.add_option("room", run.join.room, "its name")->required();
  join.add_option("--name", run.join.name, "that the others see");
  join.add_option("--role", run.join.role, "guest, member or moderator, who may moderate")
      ->check(CLI::IsMember({"guest", "member", "moderator"}));
  join.add_option("--identity", run.join.identity, "who it is, the same over calls");
  AddGrantFlags(join, run.join.grants);
  AddMinutes(join, run);
}

void AddApi(CLI::App& token, TokenRun& run) {
  CLI::App& api =
      AddCommand(token, run, TokenRun::Action::kApi, "api", "a token for the REST interface");
  AddScopes(api, run);
  api.add_option("--subject", run.subject, "who it is, for logs");
  AddMinutes(api, run);
}

}  // namespace

void AddTokenCommands(CLI::App& token, TokenRun& run) {
  token.require_subcommand(1);
  // --data-dir and --config may stand behind the subcommand too; what is added now inherits it.
  token.fallthrough();
  AddJoin(token, run);
  AddApi(token, run);
  auto* key = token.add_subcommand("key", "keys with which other servers make tokens themselves");
  key->require_subcommand(1);
  AddScopes(
      AddCommand(*key, run, TokenRun::Action::kKeyNew, "new", "make one; its secret is shown once"),
      run);
  AddCommand(*key, run, TokenRun::Action::kKeyList, "list", "show them, without secrets");
  CLI::App& remove = AddCommand(*key, run, TokenRun::Action::kKeyRemove, "remove",
                                "refuse its tokens from now on");
  remove.add_option("id", run.key_id, "ck_…")->required();
  CLI::App& show = AddCommand(token, run, TokenRun::Action::kShow, "show",
                              "what a token says, whether it verifies, and why not");
  show.add_option("token", run.token,
                  "as it was given; without it or with -, the first line of the standard input, "
                  "which, unlike arguments, other users of the machine do not see");
}

}  // namespace confab::app
