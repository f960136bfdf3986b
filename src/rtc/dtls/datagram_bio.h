#pragma once

#include "base/bytes.h"
#include "rtc/datagram_sink.h"
#include "rtc/dtls/dtls_flight.h"
#include "rtc/types.h"

struct bio_st;

namespace confab::rtc {

// What OpenSSL reads from and writes to during one call of ours. Set up before the call; the BIO
// only points here. OpenSSL's own memory BIO is a stream and would lose where datagrams end.
struct DatagramPort {
  BytesView incoming;            // one datagram; taken whole by the first read
  Path path;                     // where what is written goes
  DatagramSink* sink = nullptr;  // not owned; null: writes are thrown away
  DtlsFlight* flight = nullptr;  // not owned; null: writes are not kept
  bool wrote_flight = false;     // something other than an alert was written
};

// A BIO over `port`, which outlives it. Null only if OpenSSL fails. Owned by the SSL it is given
// to.
bio_st* NewDatagramBio(DatagramPort* port);

}  // namespace confab::rtc
