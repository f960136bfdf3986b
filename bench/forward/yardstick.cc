#include "forward/yardstick.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "forward/cpu_time.h"
#include "net/clock.h"
#include "net/os_address.h"
#include "rtc/rtp/rtp_header.h"
#include "rtc/rtp/rtp_writer.h"
#include "rtc/srtp/srtp_layout.h"

namespace confab::bench {
namespace {

constexpr rtc::Ssrc kSsrc{0x2000};
constexpr rtc::PayloadType kPayloadType{96};
constexpr int kPollMs = 100;
constexpr size_t kMaxRunSegments = 16;

rtc::SrtpMasterKey KeyOf(rtc::SrtpProfile profile, size_t number) {
  rtc::SrtpMasterKey key{.profile = profile};
  StoreU64(key.key.data(), number + 1);
  return key;
}

size_t WriteHeader(uint16_t sequence, rtc::Ssrc ssrc, MutableBytes out) {
  return rtc::WriteRtpHeader({.marker = true,
                              .payload_type = kPayloadType,
                              .sequence_number = sequence,
                              .timestamp = 0,
                              .ssrc = ssrc,
                              .csrcs = {},
                              .extensions = {}},
                             out);
}

}  // namespace

Result<std::unique_ptr<Yardstick>> Yardstick::Start(Kind kind, Crowd& crowd, const Traffic& traffic,
                                                    rtc::SrtpProfile profile) {
  auto socket = net::UdpSocket::Bind(SocketAddress::Ipv4({127, 0, 0, 1}, 0));
  auto source = net::UdpSocket::Bind(SocketAddress::Ipv4({127, 0, 0, 1}, 0));
  if (!socket || !source) return Fail(ErrorCode::kUnavailable, "no socket is left");
  // make_unique cannot reach the private constructor.
  std::unique_ptr<Yardstick> yardstick(
      new Yardstick(kind, crowd, traffic, profile, std::move(*socket), std::move(*source)));
  yardstick->thread_ = std::thread([raw = yardstick.get()] { raw->Run(); });
  return yardstick;
}

Yardstick::Yardstick(Kind kind, Crowd& crowd, const Traffic& traffic, rtc::SrtpProfile profile,
                     net::UdpSocket socket, net::UdpSocket source)
    : kind_(kind), traffic_(&traffic), socket_(std::move(socket)), source_(std::move(source)) {
  source_keys_ = source_engine_.PrepareKeys(KeyOf(profile, 0));
  open_keys_ = engine_.PrepareKeys(KeyOf(profile, 0));
  for (const auto& receiver : crowd.receivers()) {
    receivers_.push_back(receiver->address());
    seal_keys_.push_back(engine_.PrepareKeys(KeyOf(profile, receivers_.size())));
    next_sequence_.push_back(0);
  }
}

Yardstick::~Yardstick() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void Yardstick::Feed(int packets) {
  for (int i = 0; i < packets; ++i) {
    std::array<uint8_t, rtc::kMaxPacketSize> payload;
    std::array<uint8_t, rtc::kMaxPacketSize + rtc::kMaxSealOverhead> out;
    const MutableBytes body = MutableBytes(payload).first(traffic_->payload_size);
    FillPayload(body, traffic_->kind, source_index_ == 0, net::MonotonicNow());
    rtc::SealJob job;
    job.keys = source_keys_.get();
    job.ssrc = kSsrc;
    job.index = source_index_++;
    job.header_size = WriteHeader(static_cast<uint16_t>(job.index), kSsrc, out);
    job.body = body;
    job.out = out;
    source_engine_.Seal({&job, 1});
    const net::UdpSendRun run{socket_.local(), BytesView(out).first(job.sealed_size),
                              static_cast<uint16_t>(job.sealed_size)};
    (void)source_.Send({&run, 1});
  }
}

void Yardstick::Run() {
  while (!stopping_) {
    cpu_nanos_ = ThreadCpuNanos();
    pollfd waiting{.fd = socket_.fd(), .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, kPollMs) <= 0) continue;
    std::array<net::UdpReceiveSlot, net::UdpSocket::kBatch> slots;
    std::array<rtc::PacketRef, net::UdpSocket::kBatch> packets;
    for (size_t i = 0; i < packets.size(); ++i) {
      packets[i] = pool_.Acquire();
      slots[i].buffer = packets[i].writable().buffer();
    }
    const size_t got = socket_.Receive(slots, net::MonotonicNow(), net::UnixMicrosNow());
    for (size_t i = 0; i < got; ++i) {
      packets[i].writable().size = static_cast<uint16_t>(slots[i].size);
    }
    ForwardBatch(std::span(packets).first(got));
  }
}

void Yardstick::ForwardBatch(std::span<const rtc::PacketRef> packets) {
  std::array<rtc::OpenJob, net::UdpSocket::kBatch> jobs;
  for (size_t i = 0; i < packets.size(); ++i) {
    const auto header = rtc::ParseRtpHeader(packets[i]->bytes());
    if (!header) return;
    jobs[i].keys = open_keys_.get();
    jobs[i].ssrc = header->ssrc;
    jobs[i].index = header->sequence_number;  // a round is shorter than a roll-over
    jobs[i].packet = packets[i].writable().mutable_bytes();
    jobs[i].header_size = header->header_size;
  }
  engine_.Open(std::span(jobs).first(packets.size()));
  for (size_t i = 0; i < packets.size(); ++i) {
    packets[i].writable().size = static_cast<uint16_t>(jobs[i].plain_size);
    packets[i].writable().payload_offset = static_cast<uint16_t>(jobs[i].header_size);
    packets[i].writable().payload_size =
        static_cast<uint16_t>(jobs[i].plain_size - jobs[i].header_size);
  }
  for (size_t receiver = 0; receiver < receivers_.size(); ++receiver) {
    for (const rtc::PacketRef& packet : packets) {
      Add(*packet, receiver);
      if (kind_ == Kind::kClassic) {
        SendClassic();
      } else if (batch_.full()) {
        SendProbe();
      }
    }
  }
  if (!batch_.empty()) SendProbe();
}

void Yardstick::Add(const rtc::Packet& packet, size_t receiver) {
  rtc::SealJob job;
  job.keys = seal_keys_[receiver].get();
  job.ssrc = kSsrc;
  job.index = next_sequence_[receiver]++;
  job.out = batch_.Slot();
  job.header_size = WriteHeader(static_cast<uint16_t>(job.index), kSsrc, job.out);
  job.body = packet.payload();
  const size_t size = job.header_size + job.body.size() +
                      rtc::SealOverhead(job.keys->profile(), rtc::SrtpKind::kRtp);
  batch_.Add({rtc::LocalSocket(0), receivers_[receiver]}, {}, job, size, rtc::SendPriority::kVideo);
}

void Yardstick::SendProbe() {
  engine_.Seal(batch_.jobs());
  const auto jobs = batch_.jobs();
  for (size_t i = 0; i < jobs.size();) {
    const SocketAddress& to = batch_.entries()[i].path.remote;
    const size_t segment = jobs[i].sealed_size;
    size_t end = i + 1;
    while (end < jobs.size() && end - i < kMaxRunSegments &&
           batch_.entries()[end].path.remote == to && jobs[end].sealed_size == segment) {
      ++end;
    }
    runs_.push_back(
        {to, BytesView(jobs[i].out.data(), segment * (end - i)), static_cast<uint16_t>(segment)});
    i = end;
  }
  (void)socket_.Send(runs_);
  runs_.clear();
  batch_.Clear();
}

void Yardstick::SendClassic() {
  engine_.Seal(batch_.jobs());
  const rtc::SealJob& job = batch_.jobs().front();
  const net::OsAddress to = net::ToOs(batch_.entries().front().path.remote);
  (void)sendto(socket_.fd(), job.out.data(), job.sealed_size, MSG_DONTWAIT, to.get(), to.size);
  batch_.Clear();
}

}  // namespace confab::bench
