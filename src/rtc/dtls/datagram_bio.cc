#include "rtc/dtls/datagram_bio.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <sys/time.h>

#include <algorithm>

namespace confab::rtc {
namespace {

// RFC 5246 §6.2.1.
constexpr uint8_t kContentTypeAlert = 21;

// In OpenSSL 3.0 (0x300000P0, P the patch) the timer shown to the BIO is the timer itself.
constexpr unsigned long kFirstVersionOutOfReach = 0x30100000;
// Seconds since 1970: beyond every wall clock, and before every one.
constexpr time_t kFarFuture_s = time_t{1} << 40;
constexpr time_t kPast_s = 1;
// What IP and UDP add (RFC 768, RFC 791); OpenSSL takes its least MTU, 256, to include them.
constexpr long kIpOverhead = 28;

DatagramEndpoint& EndpointOf(BIO* bio) {
  return *static_cast<DatagramEndpoint*>(BIO_get_data(bio));
}

int Write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  if (size <= 0) return 0;
  DatagramPort& port = EndpointOf(bio).port;
  const BytesView datagram = AsBytes({data, static_cast<size_t>(size)});
  if (datagram[0] != kContentTypeAlert && port.flight != nullptr) {
    // The first datagram of a new flight ends the life of the last one.
    if (!port.wrote_flight) port.flight->Clear();
    port.flight->Add(datagram);
    port.wrote_flight = true;
  }
  // One that finds no room is lost, as on the network.
  if (port.sink != nullptr) port.sink->Append(port.path, datagram);
  return size;
}

int Read(BIO* bio, char* buffer, int size) {
  BIO_clear_retry_flags(bio);
  DatagramPort& port = EndpointOf(bio).port;
  if (port.incoming.empty() || size <= 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const size_t taken = std::min(port.incoming.size(), static_cast<size_t>(size));
  std::copy_n(port.incoming.begin(), taken, buffer);
  port.incoming = {};
  return static_cast<int>(taken);
}

long Control(BIO* bio, int command, long, void* argument) {
  DatagramEndpoint& endpoint = EndpointOf(bio);
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_PENDING: return static_cast<long>(endpoint.port.incoming.size());
    case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD: return kIpOverhead;
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
      if (endpoint.timer.Started(static_cast<timeval*>(argument))) {
        endpoint.port.timer_started = true;
      }
      return 1;
    default: return 0;
  }
}

int Create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

// Made once per process, never freed.
BIO_METHOD* Method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");
    if (made == nullptr) return made;
    BIO_meth_set_write(made, Write);
    BIO_meth_set_read(made, Read);
    BIO_meth_set_ctrl(made, Control);
    BIO_meth_set_create(made, Create);
    return made;
  }();
  return method;
}

}  // namespace

bool OpenSslTimer::Started(timeval* deadline) {
  if (deadline->tv_sec == 0 && deadline->tv_usec == 0) return false;
  static const bool out_of_reach = OpenSSL_version_num() >= kFirstVersionOutOfReach;
  if (out_of_reach) return true;
  deadline->tv_sec = kFarFuture_s;
  deadline_ = deadline;
  return true;
}

void OpenSslTimer::Expire() {
  if (deadline_ != nullptr && deadline_->tv_sec != 0) deadline_->tv_sec = kPast_s;
}

bio_st* NewDatagramBio(DatagramEndpoint* endpoint) {
  BIO_METHOD* const method = Method();
  BIO* const bio = method == nullptr ? nullptr : BIO_new(method);
  if (bio != nullptr) BIO_set_data(bio, endpoint);
  return bio;
}

}  // namespace confab::rtc
