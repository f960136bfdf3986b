#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/units.h"
#include "rtc/ice/ice_check_server.h"
#include "rtc/ice/ice_credentials.h"
#include "rtc/ice/ice_output.h"
#include "rtc/ice/ice_types.h"
#include "rtc/types.h"

namespace confab::rtc {

// What a session needs of its ICE agent (RFC 8445), whichever role that has; one component. Pure:
// STUN and time come in, datagrams, events and the next deadline go out. Owned by a session, one
// thread; memory is bounded whatever arrives, and what does not authenticate changes counters only.
//
// What is asked once a media packet is a getter on state that the agents keep here; the virtual
// functions are for STUN, timers and control.
class IceAgent {
 public:
  virtual ~IceAgent() = default;
  IceAgent(const IceAgent&) = delete;
  IceAgent& operator=(const IceAgent&) = delete;

  // `message` is a datagram for which IsStun holds. Answers go to the output's sink, over `path`.
  virtual void HandleStun(Timestamp now, const Path& path, BytesView message,
                          IceOutput& output) = 0;
  // To be called at NextTimeout or later.
  virtual void HandleTimeout(Timestamp now, IceOutput& output) = 0;
  // The peer's address is proven: what is not authenticated by itself may be taken from there.
  virtual bool IsValidated(const Path& path) const = 0;
  // Under which a peer's check may name this agent, the newest first. Views into this.
  virtual std::vector<std::string_view> ufrags() const = 0;

  // When HandleTimeout wants to be called; Never if there is nothing to wait for.
  Timestamp NextTimeout() const { return next_timeout_; }
  IceState state() const { return state_; }
  // Where to send: nominated, or before that the first validated path.
  const std::optional<Path>& selected() const { return selected_; }
  bool is_nominated() const { return nominated_; }
  // The credentials to announce.
  const IceCredentials& local_credentials() const { return local_; }

  // Requests of the peer: those that authenticated, and those of them that were answered.
  uint64_t authenticated() const { return checks_.authenticated(); }
  uint64_t answered() const { return checks_.answered(); }
  uint64_t dropped(IceDropReason reason) const { return checks_.dropped(reason); }
  uint64_t dropped() const { return checks_.dropped(); }

 protected:
  IceAgent(IceRole role, IceCredentials local) : local_(std::move(local)), checks_(role) {}

  void Select(const std::optional<Path>& path, IceOutput& output) {
    if (selected_ == path) return;
    selected_ = path;
    output.Raise(IceEvent::kSelectedChanged);
  }
  void SetConnected(IceOutput& output) {
    if (state_ == IceState::kConnected) return;
    state_ = IceState::kConnected;
    output.Raise(IceEvent::kConnected);
  }

  IceCredentials local_;
  IceCheckServer checks_;
  IceState state_ = IceState::kNew;
  std::optional<Path> selected_;
  bool nominated_ = false;
  // Kept up to date by whatever changes what it depends on.
  Timestamp next_timeout_ = Timestamp::Never();
};

}  // namespace confab::rtc
