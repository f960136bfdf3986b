#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rtc/ice/ice_lite.h"
#include "rtc/stun/stun_message.h"
#include "rtc/stun/stun_writer.h"

namespace confab::rtc {

// What one connectivity check of a test says. The defaults are a correct one.
struct TestCheck {
  std::string username;
  std::string password;
  std::optional<uint32_t> priority = 0x6e7f00ff;
  bool use_candidate = false;
  bool controlled = false;
  bool integrity = true;
  StunClass message_class = StunClass::kRequest;
  std::vector<uint16_t> unknown;
  StunTransactionId id{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

  std::vector<uint8_t> Bytes() const {
    std::vector<uint8_t> bytes(kMaxStunMessageSize);
    StunWriter writer(bytes, message_class, id);
    if (!username.empty()) writer.AddUsername(username);
    if (priority) writer.AddPriority(*priority);
    if (use_candidate) writer.AddUseCandidate();
    if (controlled) {
      writer.AddIceControlled(7);
    } else {
      writer.AddIceControlling(7);
    }
    for (const uint16_t type : unknown) writer.AddRaw(type, {});
    StunHmac key(password);
    if (integrity) writer.AddIntegrity(key);
    writer.AddFingerprint();
    bytes.resize(writer.size());
    return bytes;
  }
};

// An agent under test with what it gave back: one sink, one set of events, a clock.
struct IceFixture {
  static constexpr Timestamp kStart = Timestamp::Millis(1'000'000);

  DatagramSink sink;
  IceOutput output{sink};
  Timestamp now = kStart;
  IceCredentials credentials{.ufrag = "localUfrag01", .password = "localPassword0123456789a"};
  IceLite agent{kStart, credentials};
  uint8_t checks = 0;  // that were received, modulo 256

  static Path PathOf(uint16_t port, uint32_t local = 1) {
    return {LocalSocket(local), SocketAddress::Ipv4({192, 0, 2, 7}, port)};
  }
  TestCheck Good() const {
    return {.username = credentials.ufrag + ":peer", .password = credentials.password};
  }
  TestCheck Nominating(uint32_t priority = 0x6e7f00ff) const {
    TestCheck check = Good();
    check.priority = priority;
    check.use_candidate = true;
    return check;
  }
  // Gives the agent one check; the events and datagrams are of this one only.
  // It has an id of its own.
  void Receive(TestCheck check, const Path& path) {
    check.id[0] = ++checks;
    ReceiveBytes(check.Bytes(), path);
  }
  void ReceiveBytes(BytesView bytes, const Path& path) {
    output.Clear();
    sink.Clear();
    agent.HandleStun(now, path, bytes, output);
  }
  void FireTimeout() {
    output.Clear();
    sink.Clear();
    agent.HandleTimeout(now, output);
  }
  // The one answer; nullopt for none. A view into the sink.
  std::optional<StunMessage> Answer() const {
    if (sink.datagrams().size() != 1) return std::nullopt;
    auto parsed = StunMessage::Parse(sink.datagrams()[0].bytes);
    return parsed ? std::optional(*std::move(parsed)) : std::nullopt;
  }
};

}  // namespace confab::rtc
