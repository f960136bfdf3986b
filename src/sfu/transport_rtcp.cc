// What a transport says and hears in RTCP.

#include <algorithm>
#include <array>
#include <vector>

#include "rtc/rtcp/bye.h"
#include "rtc/rtcp/nack.h"
#include "rtc/rtcp/pli.h"
#include "rtc/rtcp/receiver_report.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "rtc/rtcp/sdes.h"
#include "rtc/rtcp/sender_report.h"
#include "rtc/session/feedback.h"
#include "sfu/transport.h"

namespace confab::sfu {
namespace {

// Leaves room for what sealing adds within a path MTU of 1280.
constexpr size_t kMaxCompound = 1100;
// SR without blocks (28) and SDES with a CNAME of an id's size.
constexpr size_t kSenderReportRoom = 128;

}  // namespace

// Dispatches what one compound holds. Lists that a peer can make long cost a scan of what this
// transport has, never more.
struct RtcpVisitor {
  Transport& transport;
  Timestamp now;

  void operator()(const rtc::SenderReport& report) const {
    if (ProducerStream* stream = transport.FindStream(report.sender)) {
      transport.sender_clock_.OnSenderReport(report.ntp, transport.context_->clock.At(now));
      stream->statistics().OnSenderReport(report.ntp, now);
      stream->clock().OnSenderReport(report.rtp_timestamp,
                                     transport.sender_clock_.ToNode(report.ntp));
    }
    HandleBlocks(report.reports);
  }
  void operator()(const rtc::ReceiverReport& report) const { HandleBlocks(report.reports); }
  void operator()(const rtc::Pli& pli) const { RequestKeyframe(pli.media); }
  void operator()(const rtc::Nack& nack) const {
    Consumer* consumer = transport.FindConsumer(nack.media);
    if (consumer == nullptr) return;
    nack.ForEachSequence([&](uint16_t sequence) { consumer->Retransmit(now, sequence); });
  }
  void operator()(const rtc::Fir& fir) const {
    for (const rtc::Fir::Entry& entry : fir.entries) RequestKeyframe(entry.ssrc);
  }

 private:
  void HandleBlocks(const rtc::ReportBlocks& blocks) const {
    for (const rtc::ReportBlock& block : blocks) {
      if (Consumer* consumer = transport.FindConsumer(block.ssrc)) {
        consumer->OnReceiverReport(block, transport.context_->clock.At(now));
      }
    }
  }
  void RequestKeyframe(rtc::Ssrc media) const {
    if (Consumer* consumer = transport.FindConsumer(media)) {
      Producer& producer = consumer->producer();
      producer.transport().RequestKeyframe(now, producer);
    }
  }
};

void Transport::HandleRtcp(Timestamp now, BytesView compound) {
  if (rtc::ForEachRtcp(compound, RtcpVisitor{*this, now}) == rtc::RtcpResult::kMalformed) {
    session_.CountDrop(rtc::DropReason::kMalformed);
  }
}

Consumer* Transport::FindConsumer(rtc::Ssrc ssrc) const {
  const auto found = std::ranges::find_if(
      consumers_, [ssrc](const auto& consumer) { return consumer->ssrc() == ssrc; });
  return found == consumers_.end() ? nullptr : found->get();
}

ProducerStream* Transport::FindStream(rtc::Ssrc ssrc) const {
  const Route* route = FindRoute(ssrc);
  return route == nullptr || route->rtx ? nullptr : &route->producer->streams()[route->stream];
}

void Transport::SendPli(ProducerStream& stream) {
  if (!stream.ssrc()) return;
  rtc::AdmitPli(session_, *stream.ssrc());
  ++counters().keyframe_requests;
  Schedule();
}

void Transport::SendNack(Timestamp now, ProducerStream& stream) {
  std::vector<uint16_t> due;
  stream.nack().TakeDue(now, due);
  counters().missing_requested += due.size();
  if (!due.empty()) rtc::AdmitNack(session_, *stream.ssrc(), due);
}

void Transport::SayBye(rtc::Ssrc ssrc) {
  std::array<uint8_t, kMaxCompound> packet;
  ByteWriter writer(packet);
  rtc::ReceiverReport{.sender = session_.rtcp_ssrc(), .reports = {}}.Write(writer);
  rtc::Bye bye;
  (void)bye.ssrcs.Add(ssrc);
  bye.Write(writer);
  session_.AdmitRtcp(writer.written());
  Schedule();
}

void Transport::SendReports(Timestamp now) {
  if (!session_.connected()) return;
  SendReceiverReport(now);
  SendSenderReports(now);
}

void Transport::SendReceiverReport(Timestamp now) {
  rtc::ReceiverReport report{.sender = session_.rtcp_ssrc(), .reports = {}};
  for (const auto& producer : producers_) {
    for (ProducerStream& stream : producer->streams()) {
      if (stream.statistics_if_started() == nullptr) continue;
      if (!report.reports.Add(stream.statistics().TakeReport(now))) break;
      const rtc::ReceptionStatistics::Interval& interval = stream.statistics().last_interval();
      counters().from_senders += {.expected = interval.expected, .lost = interval.lost};
    }
  }
  if (report.reports.empty()) return;
  std::array<uint8_t, kMaxCompound> packet;
  ByteWriter writer(packet);
  report.Write(writer);
  session_.AdmitRtcp(writer.written());
}

void Transport::SendSenderReports(Timestamp now) {
  std::array<uint8_t, kMaxCompound> packet;
  size_t used = 0;
  for (const auto& consumer : consumers_) {
    if (!consumer->flowing()) continue;
    const auto report = consumer->MakeSenderReport(now, context_->clock);
    if (!report) continue;
    if (packet.size() - used < kSenderReportRoom) {
      session_.AdmitRtcp(BytesView(packet).first(used));
      used = 0;
    }
    ByteWriter writer(MutableBytes(packet).subspan(used));
    report->Write(writer);
    const std::string_view cname = consumer->parameters().cname;
    rtc::Sdes{.chunks = {{.ssrc = report->sender, .cname = cname}}}.Write(writer);
    if (writer.ok()) used += writer.size();
  }
  session_.AdmitRtcp(BytesView(packet).first(used));
}

}  // namespace confab::sfu
