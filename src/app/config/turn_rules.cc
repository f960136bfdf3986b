#include "app/config/turn_rules.h"

#include "services/gateway/turn/turn_server.h"

namespace confab::app {

std::vector<ConfigProblem> CheckTurn(const Config::Turn& config) {
  std::vector<ConfigProblem> problems;
  for (const std::string& text : config.servers) {
    if (gateway::TurnServer::Parse(text)) continue;
    // Its reason is not given: it would repeat the text.
    problems.push_back(
        {"turn.servers", ShowInput(text), "configuration",
         "give turn: or turns: with host and port, without a name and a password, "
         "such as turn:turn.example.org:3478?transport=udp; a region and = may stand "
         "before it, further addresses of the same server after a space"});
  }
  if (!config.servers.empty() && config.secret_file.empty()) {
    problems.push_back({"turn.secret_file", "\"\"", "configuration",
                        "turn.servers takes credentials that are made from a secret: give the file "
                        "with the TURN servers' static-auth-secret"});
  }
  return problems;
}

}  // namespace confab::app
