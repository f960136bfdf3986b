#pragma once

#include "base/bytes.h"
#include "rtc/datagram_sink.h"
#include "rtc/dtls/dtls_flight.h"
#include "rtc/types.h"

struct bio_st;
struct timeval;

namespace confab::rtc {

// What OpenSSL reads from and writes to during one call of ours. Set up before the call; the BIO
// only points here. OpenSSL's own memory BIO is a stream and would lose where datagrams end.
struct DatagramPort {
  BytesView incoming;            // one datagram; taken whole by the first read
  Path path;                     // where what is written goes
  DatagramSink* sink = nullptr;  // not owned; null: writes are thrown away
  DtlsFlight* flight = nullptr;  // not owned; null: writes are not kept
  bool wrote_flight = false;     // something other than an alert was written
  bool timer_started = false;    // OpenSSL (re)started its retransmission timer
};

// OpenSSL's retransmission timer, in OpenSSL's memory. It runs on the wall clock, and there is no
// call to fire it at a time of ours; but OpenSSL 3.0 shows it to the BIO whenever it starts it
// (BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT), as the very object that it later compares with the clock. So
// it is moved beyond every clock there, and into the past when our own timer is due. Versions
// after 3.0 came to show a copy: with them nothing is kept here, and the wall clock stays in
// charge.
class OpenSslTimer {
 public:
  // From the BIO, when OpenSSL starts (non-zero) or stops (zero) the timer. True if it started.
  bool Started(timeval* deadline);
  // Lets the next DTLSv1_handle_timeout find the timer expired.
  void Expire();

 private:
  timeval* deadline_ = nullptr;  // part of the SSL object, which owns the BIO that owns the pointer
};

// What one BIO works on.
struct DatagramEndpoint {
  DatagramPort port;
  OpenSslTimer timer;
};

// A BIO over `endpoint`, which outlives it. Null only if OpenSSL fails. Owned by the SSL it is
// given to.
bio_st* NewDatagramBio(DatagramEndpoint* endpoint);

}  // namespace confab::rtc
