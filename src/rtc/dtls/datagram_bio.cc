#include "rtc/dtls/datagram_bio.h"

#include <openssl/bio.h>

#include <algorithm>
#include <climits>

namespace confab::rtc {
namespace {

// RFC 5246 §6.2.1.
constexpr uint8_t kContentTypeAlert = 21;

DatagramPort* PortOf(BIO* bio) {
  return static_cast<DatagramPort*>(BIO_get_data(bio));
}

int Write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  if (size <= 0) return 0;
  DatagramPort& port = *PortOf(bio);
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
  DatagramPort& port = *PortOf(bio);
  if (port.incoming.empty() || size <= 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const size_t taken = std::min(port.incoming.size(), static_cast<size_t>(size));
  std::copy_n(port.incoming.begin(), taken, buffer);
  port.incoming = {};
  return static_cast<int>(taken);
}

long Control(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_PENDING: return static_cast<long>(PortOf(bio)->incoming.size());
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

bio_st* NewDatagramBio(DatagramPort* port) {
  BIO_METHOD* const method = Method();
  BIO* const bio = method == nullptr ? nullptr : BIO_new(method);
  if (bio != nullptr) BIO_set_data(bio, port);
  return bio;
}

}  // namespace confab::rtc
