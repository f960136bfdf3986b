#include "services/signaling/call/token_renewal.h"

#include "net/clock.h"

namespace confab::signaling {
namespace {

// So much later than due a token is renewed at most.
constexpr TimeDelta kTick = TimeDelta::Seconds(10);

}  // namespace

void TokenRenewal::Wait() {
  timer_.expires_after(ToChrono(std::min(kTick, switchboard_.options().resume_renewal)));
  timer_.async_wait([this](const error_code& error) {
    if (error) return;
    Renew(net::MonotonicNow());
    Wait();
  });
}

void TokenRenewal::Renew(Timestamp now) {
  const auto rooms = switchboard_.rooms().rooms();  // a copy: who does not read is cut off
  for (const auto& [id, room] : rooms) {
    Effects effects;
    for (const auto& participant : room->participants()) {
      if (!participant->is_told() || !participant->is_connected()) continue;
      if (now - participant->token_made < switchboard_.options().resume_renewal) continue;
      participant->token_made = now;
      effects.push_back(
          SendEvent{.to = participant->connection,
                    .name = "resumeToken",
                    .payload = {{"resumeToken",
                                 switchboard_.door().ResumeToken(room->name(), participant->id)}}});
    }
    switchboard_.Apply(room, std::move(effects));
  }
}

}  // namespace confab::signaling
