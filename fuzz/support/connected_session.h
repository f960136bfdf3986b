#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "rtc/dtls/dtls_certificate.h"

namespace confab::fuzz {

// A DTLS handshake that was made once with fixed randomness: playing the client's datagrams back
// connects a server in a fraction of the time that two ends need. Certificates of both ends, one
// thread.
class RecordedHandshake {
 public:
  // Made at the first call.
  static const RecordedHandshake& Instance();

  // What a server that is played to must use and be told.
  const rtc::DtlsCertificate& server_certificate() const { return server_; }
  const rtc::Fingerprint& client_fingerprint() const { return client_.fingerprint(); }

  // Calls `receive` with one datagram of the client after another; the server's answers are of no
  // interest. After the last the server is connected.
  void Play(const std::function<void(BytesView)>& receive) const;

 private:
  RecordedHandshake();
  void Record();

  rtc::DtlsCertificate server_;
  rtc::DtlsCertificate client_;
  std::vector<std::vector<uint8_t>> datagrams_;
};

// What a peer's connectivity check says (RFC 8445 §7.2.2).
struct Check {
  std::string_view ufrag;  // the receiver's
  std::string_view password;
  uint32_t priority = 0x6e7f'00ff;
  bool use_candidate = true;
  bool controlling = true;
  uint16_t extra_type = 0;  // 0: no further attribute
  BytesView extra;
};
std::vector<uint8_t> CheckBytes(const Check& check);

}  // namespace confab::fuzz
