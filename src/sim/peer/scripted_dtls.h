#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.h"
#include "rtc/dtls/dtls_agent.h"

namespace confab::sim {

// A play of a DTLS 1.2 handshake with mutual certificates (RFC 6347 §4.2.4, Figure 1): the flights,
// their sizes, pieces, repetitions and timers, and nothing of its security. Keys are made from
// numbers that both sides say aloud, so only the simulator has it; with the same random numbers it
// sends the same bytes.
//
//   client                            server
//   1  ClientHello            ───►
//                             ◄───   2  ServerHello … ServerHelloDone  (two datagrams)
//   3  Certificate … Finished ───►      (two datagrams)
//                             ◄───   4  ChangeCipherSpec, Finished
class ScriptedDtls final : public rtc::DtlsAgent {
 public:
  // As rtc::DtlsTransport has them.
  static constexpr TimeDelta kFirstRetransmission = TimeDelta::Millis(100);
  static constexpr TimeDelta kLongestRetransmission = TimeDelta::Seconds(5);
  static constexpr TimeDelta kHandshakeTimeout = TimeDelta::Seconds(30);
  static constexpr size_t kMaxEarlyDatagrams = 8;

  struct Options {
    rtc::DtlsRole role = rtc::DtlsRole::kServer;
    rtc::SrtpProfile profile = rtc::SrtpProfile::kAeadAes128Gcm;
  };
  // The number that stands for this side's certificate and secrets is drawn here.
  ScriptedDtls(Options options, RandomSource& random);

  // Of a certificate with this number: sides are known by what they drew.
  static rtc::Fingerprint FingerprintOf(uint64_t certificate);
  // One per process or worker, as with real certificates.
  static constexpr uint64_t kServerCertificate = 1;
  static constexpr uint64_t kClientCertificate = 2;

  rtc::DtlsEvent SetRemoteFingerprints(Timestamp now, std::vector<rtc::Fingerprint> fingerprints,
                                       rtc::DatagramSink& sink) override;
  rtc::DtlsEvent Start(Timestamp now, const rtc::Path& path, rtc::DatagramSink& sink) override;
  rtc::DtlsEvent HandleRecords(Timestamp now, const rtc::Path& path, BytesView datagram,
                               rtc::DatagramSink& sink) override;
  rtc::DtlsEvent HandleTimeout(Timestamp now, rtc::DatagramSink& sink) override;
  Timestamp NextTimeout() const override;
  void ReleaseHandshake() override;
  rtc::DtlsEvent Close(rtc::DatagramSink& sink) override;

 private:
  static constexpr size_t kFlights = 5;  // counted from 1
  struct Record {
    uint8_t flight;
    uint8_t piece;
    uint64_t certificate;
    uint64_t secret;
  };
  struct Early {
    rtc::Path path;
    std::vector<uint8_t> bytes;
  };

  static std::optional<Record> Parse(BytesView datagram);
  void SendFlight(Timestamp now, uint8_t flight, rtc::DatagramSink& sink);
  void WriteFlight(uint8_t flight, rtc::DatagramSink& sink) const;
  bool Complete(const Record& record);
  bool IsTrusted(uint64_t certificate) const;
  rtc::DtlsEvent HandleFlight(Timestamp now, const Record& record, rtc::DatagramSink& sink);
  void Connect();
  rtc::DtlsEvent Fail(rtc::DtlsReason reason);

  rtc::SrtpProfile profile_;
  uint64_t certificate_;
  uint64_t secret_;
  uint64_t remote_secret_ = 0;
  rtc::Path path_;
  bool started_ = false;
  std::vector<rtc::Fingerprint> fingerprints_;
  std::vector<Early> early_;
  std::array<uint8_t, kFlights> pieces_{};  // that came, as bits, by flight
  uint8_t sent_ = 0;                        // our newest flight
  TimeDelta retransmission_ = kFirstRetransmission;
  Timestamp retransmit_at_ = Timestamp::Never();
  Timestamp deadline_ = Timestamp::Never();
  Timestamp last_repetition_ = Timestamp::Past();
};

}  // namespace confab::sim
