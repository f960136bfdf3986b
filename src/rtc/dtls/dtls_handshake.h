#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "rtc/datagram_sink.h"
#include "rtc/dtls/datagram_bio.h"
#include "rtc/dtls/dtls_certificate.h"
#include "rtc/dtls/dtls_types.h"
#include "rtc/dtls/fingerprint.h"
#include "rtc/types.h"

struct ssl_st;
struct x509_store_ctx_st;

namespace confab::rtc {

// One OpenSSL connection: the only place that touches an SSL object. Owned by DtlsTransport, which
// knows about time, states and repetition; one thread. The thread's OpenSSL error queue is empty
// before and after every call.
class DtlsHandshake {
 public:
  enum class Status : uint8_t { kWaiting, kDone, kFailed, kClosed };

  // `fingerprints` belong to the caller and outlive this. Null only if OpenSSL fails.
  static std::unique_ptr<DtlsHandshake> Create(const DtlsCertificate& certificate,
                                               const DtlsOptions& options,
                                               std::span<const Fingerprint> fingerprints);
  ~DtlsHandshake();
  DtlsHandshake(const DtlsHandshake&) = delete;
  DtlsHandshake& operator=(const DtlsHandshake&) = delete;

  struct Io {
    BytesView datagram;  // received; empty for none
    Path path;
    DatagramSink& sink;
    DtlsFlight* flight = nullptr;  // gets a copy of a flight that is written
  };
  // Goes as far as the handshake can go.
  Status Advance(const Io& io);
  // Writes the newest flight again (RFC 6347 §4.2.4), as new records. kFailed after a dozen times
  // for one flight.
  Status Retransmit(const Io& io);
  // After kDone: lets OpenSSL answer repetitions and see close_notify. kWaiting, kClosed, kFailed.
  Status ReadAfterHandshake(const Io& io);
  void SendCloseNotify(const Path& path, DatagramSink& sink);

  // The last Advance wrote a flight that wants an answer: Retransmit it if none comes.
  bool awaits_answer() const { return endpoint_.port.timer_started; }
  bool fingerprint_mismatch() const { return verdict_ == Verdict::kMismatch; }
  // After kDone. nullopt if no SRTP profile was agreed on, or the peer showed no certificate.
  std::optional<SrtpSession> ExportKeys(DtlsRole role) const;

  // OpenSSL's certificate callback: compares fingerprints during the handshake, so that a mismatch
  // ends it with an alert and neither side ever counts as connected.
  static int VerifyPeer(x509_store_ctx_st* store, void*);

 private:
  enum class Verdict : uint8_t { kNone, kMatch, kMismatch };
  struct Free {
    void operator()(ssl_st* ssl) const;
  };

  explicit DtlsHandshake(std::span<const Fingerprint> fingerprints);
  bool SetUp(const DtlsCertificate& certificate, const DtlsOptions& options);
  void Open(const Io& io);
  Status Judge(int result);
  bool Matches(const x509_st* certificate) const;

  std::span<const Fingerprint> fingerprints_;
  Verdict verdict_ = Verdict::kNone;
  DatagramEndpoint endpoint_;
  std::unique_ptr<ssl_st, Free> ssl_;  // after endpoint_: its BIO points there
};

}  // namespace confab::rtc
