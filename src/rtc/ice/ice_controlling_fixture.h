#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "rtc/datagram_sink.h"
#include "rtc/ice/ice_controlling.h"
#include "rtc/stun/stun_message.h"
#include "rtc/stun/stun_writer.h"

namespace confab::rtc::controlling_test {

inline constexpr Timestamp kStart = Timestamp::Millis(1'000'000);
inline const IceCredentials kLocal{.ufrag = "localUfrag01", .password = "localPassword0123456789a"};
inline const IceCredentials kPeer{.ufrag = "peer", .password = "peerPassword012345678901"};
inline const IceCredentials kRestarted{.ufrag = "next", .password = "nextPassword012345678901"};

inline Path PathOf(uint16_t port) {
  return {LocalSocket(1), SocketAddress::Ipv4({192, 0, 2, 7}, port)};
}
inline const Path kFirst = PathOf(1);
inline const Path kSecond = PathOf(2);

// A datagram of the agent.
struct Sent {
  Timestamp at;
  Path path;
  std::vector<uint8_t> bytes;
  StunMessage message() const { return *StunMessage::Parse(bytes); }
};

inline std::vector<uint8_t> ResponseTo(const StunMessage& check, const std::string& password,
                                       StunClass kind = StunClass::kSuccessResponse,
                                       StunError error = StunError::kRoleConflict) {
  std::vector<uint8_t> bytes(kMaxStunMessageSize);
  StunWriter writer(bytes, kind, check.transaction_id());
  if (kind == StunClass::kSuccessResponse) writer.AddXorMappedAddress(kFirst.remote);
  if (kind == StunClass::kErrorResponse) writer.AddErrorCode(error, ReasonPhrase(error));
  StunHmac key(password);
  writer.AddIntegrity(key);
  writer.AddFingerprint();
  bytes.resize(writer.size());
  return bytes;
}

// A controlling agent under test, what it sent, a clock.
struct ControllingFixture {
  DatagramSink sink;
  IceOutput output{sink};
  Prng random{8445};
  Timestamp now = kStart;
  IceControlling agent{kStart, kLocal, random};
  std::vector<Sent> sent;

  void Check(const std::vector<Path>& candidates, const IceCredentials& peer = kPeer) {
    output.Clear();
    agent.SetRemote(now, peer, candidates, output);
    Take();
  }
  void Receive(BytesView bytes, const Path& path) {
    output.Clear();
    agent.HandleStun(now, path, bytes, output);
    Take();
  }
  void Answer(const Sent& check, const IceCredentials& peer = kPeer) {
    Receive(ResponseTo(check.message(), peer.password), check.path);
  }
  // Fires every timer up to `end`; the events are of all of them.
  void RunUntil(Timestamp end) {
    output.Clear();
    while (agent.NextTimeout() <= end) {
      now = agent.NextTimeout();
      agent.HandleTimeout(now, output);
      Take();
      ASSERT_GT(agent.NextTimeout(), now);
    }
    now = end;
  }
  // A selected and nominated path.
  void Connect() {
    Check({kFirst});
    Answer(sent[0]);
    Answer(sent[1]);
    sent.clear();
  }
  void Take() {
    for (const OutgoingDatagram& d : sink.datagrams()) {
      sent.push_back({now, d.path, {d.bytes.begin(), d.bytes.end()}});
    }
    sink.Clear();
  }
  std::vector<int64_t> SentAfterMs(const Path& path) const {
    std::vector<int64_t> times;
    for (const Sent& s : sent) {
      if (s.path == path) times.push_back((s.at - kStart).ms());
    }
    return times;
  }
};

}  // namespace confab::rtc::controlling_test
