#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/random.h"
#include "rtc/datagram_sink.h"
#include "rtc/demux.h"
#include "rtc/dtls/dtls_agent.h"
#include "rtc/dtls/dtls_certificate.h"
#include "rtc/dtls/dtls_types.h"
#include "rtc/ice/ice_agent.h"
#include "rtc/ice/ice_controlling.h"
#include "rtc/ice/ice_lite.h"
#include "rtc/packet_pool.h"
#include "rtc/plain/given_keys.h"
#include "rtc/plain/plain_path.h"
#include "rtc/rtcp/transport_feedback_generator.h"
#include "rtc/rtp/extension_map.h"
#include "rtc/session/batches.h"
#include "rtc/session/drop_reason.h"
#include "rtc/session/outgoing_stream.h"
#include "rtc/session/path_move.h"
#include "rtc/session/rtcp_queue.h"
#include "rtc/session/send_intent.h"
#include "rtc/srtp/srtp_engine.h"
#include "rtc/srtp/srtp_receive_state.h"
#include "rtc/srtp/srtp_send_state.h"

namespace confab::rtc {

// What a call to a session changed. A set; the new values are read from the session.
enum class SessionEvent : uint8_t {
  kConnected,      // path and keys are there (by ICE and DTLS): media may flow both ways
  kFailed,         // DTLS failed: dtls().reason() says why; the session is of no more use
  kClosedByPeer,   // the peer said close_notify
  kIceTimeout,     // 30 s without an authenticated check, or none of ours was ever answered
  kUfragsChanged,  // ice().ufrags() must be registered anew
  kPathChanged,    // ice().selected() is another path, or none
};

// Where a session's calls put their results. The datagrams go to the worker's one sink.
class SessionOutput {
 public:
  explicit SessionOutput(DatagramSink& sink) : datagrams(&sink) {}

  void Raise(SessionEvent event) { events_ = static_cast<uint8_t>(events_ | Bit(event)); }
  bool Has(SessionEvent event) const { return (events_ & Bit(event)) != 0; }
  bool has_events() const { return events_ != 0; }
  void Clear() { events_ = 0; }

  DatagramSink* datagrams;  // not owned

 private:
  static constexpr uint8_t Bit(SessionEvent event) {
    return static_cast<uint8_t>(1u << static_cast<uint8_t>(event));
  }
  uint8_t events_ = 0;
};

// Why a session wants to be woken.
enum class SessionTimer : uint8_t { kIce, kDtls, kTransportFeedback };
struct Deadline {
  Timestamp at;
  SessionTimer reason;
};

// Traffic of one session since it began.
struct SessionCounters {
  uint64_t packets_received = 0;  // opened SRTP and SRTCP
  uint64_t bytes_received = 0;
  uint64_t packets_sent = 0;
  uint64_t bytes_sent = 0;
  DropCounters drops;

  SessionCounters& operator+=(const SessionCounters& other) {
    packets_received += other.packets_received;
    bytes_received += other.bytes_received;
    packets_sent += other.packets_sent;
    bytes_sent += other.bytes_sent;
    drops += other.drops;
    return *this;
  }
};

// What became of an opened packet.
enum class OpenedAs : uint8_t { kDropped, kRtp, kRtcp };

// One peer: ICE, DTLS (or what stands in for them, see PlainPath), SRTP keys and indices,
// transport-cc feedback, and the numbering of everything that is sent to it. Pure: bytes and time
// come in, datagrams, events and the next deadline go out. Owned by a transport, lives on its
// worker's thread; the engine, certificate and random source outlive it. It never encrypts or sends
// by itself: OpenBatch and SealBatch carry that to the worker, who does it for all sessions at
// once.
class Session {
 public:
  // Packets that wait in Admit for Release. A joining receiver is sent up to two seconds of video
  // at once. At the limit the newest is dropped as kQueueFull.
  static constexpr size_t kMaxQueuedIntents = 8192;

  // A server's: ICE is lite, the peer checks us.
  Session(Timestamp now, IceCredentials credentials, const DtlsCertificate& certificate,
          DtlsOptions dtls, SrtpEngine& engine, RandomSource& random);
  // kControlled is the same. kControlling is a participant's: CheckPeer begins.
  Session(Timestamp now, IceRole role, IceCredentials credentials,
          const DtlsCertificate& certificate, DtlsOptions dtls, SrtpEngine& engine,
          RandomSource& random);
  // The same with a DTLS of the caller's.
  Session(Timestamp now, IceRole role, IceCredentials credentials, std::unique_ptr<DtlsAgent> dtls,
          SrtpEngine& engine, RandomSource& random);
  // Without ICE and DTLS: FixPath and GiveKeys stand in for Connect.
  Session(PlainPathOptions path, SrtpEngine& engine, RandomSource& random);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // --- Control.
  // What the peer's certificate must match, and our part in the handshake: as the client it starts
  // as soon as ICE has a path. Once; not empty.
  void Connect(Timestamp now, DtlsRole role, std::vector<Fingerprint> fingerprints,
               SessionOutput& output);
  // Controlling only: what to check, see IceControlling::SetRemote.
  void CheckPeer(Timestamp now, IceCredentials remote, std::span<const Path> candidates,
                 SessionOutput& output);
  // Controlled only: credentials that the peer is to check with.
  void RestartIce(IceCredentials credentials, SessionOutput& output);
  // Plain only: where the peer is, see PlainPath::Fix.
  void FixPath(const SocketAddress& rtp, const SocketAddress& rtcp, SessionOutput& output);
  // Plain only, once: what both sides encrypt with, or kClear for both.
  void GiveKeys(SrtpSession keys, SessionOutput& output);
  // A connection (TCP) has ended, and the path over it.
  void ForgetLocalSocket(LocalSocket local, SessionOutput& output);
  // The ids under which the peer sends header extensions. May grow with every producer.
  void set_receive_extensions(const ExtensionMap& extensions);
  // nullopt: the ssrc was used in this session before, or there were too many streams.
  std::optional<OutgoingStreamIndex> AddStream(OutgoingStreamConfig config);
  // The ssrc stood for a stream of this session, perhaps one that is closed.
  bool HasUsed(Ssrc ssrc) const { return send_state_.Knows(ssrc); }
  // What left on the stream under this number lately, or null. Only where it keeps what was sent;
  // valid until the next Release or CloseStream.
  SentPacket* FindSent(OutgoingStreamIndex stream, uint16_t sequence) {
    return streams_[stream.value()].sent.Find(sequence);
  }
  // Its packets that still wait are dropped as kStreamClosed, what it sent is forgotten. Its ssrc
  // is never used again.
  void CloseStream(OutgoingStreamIndex stream);
  // The peer will send such a stream, or does; see PlainPath::Expect.
  void ExpectReceivedStream(std::optional<Ssrc> ssrc);
  // The peer's stream has ended, unless it is expected again: its place in the bounded table of
  // ssrcs is another's, if need be.
  void ForgetReceivedStream(Ssrc ssrc);
  // Says close_notify where that is still possible.
  void Close(SessionOutput& output);

  // --- The receiving path.
  // A datagram from a path of this session (STUN: from anywhere). STUN and DTLS are handled here;
  // SRTP becomes a job in the batch.
  void Classify(Timestamp now, const PacketRef& packet, OpenBatch& batch, SessionOutput& output);
  // A job of this session that the engine has tried: commits the replay window and reads the
  // header. kRtp: the packet's fields are set; kRtcp: packet.bytes() is the plain compound. Where
  // this packet tells a plain session its peer's address, connected() has changed.
  OpenedAs Opened(const OpenJob& job, Packet& packet);
  // Reads the header extensions of a packet that has been opened again: by ids that were not known
  // when it came.
  void ReadExtensionsAnew(Packet& packet) const;
  // Whether Classify would make a job of this datagram, from an ssrc that has been heard before.
  bool CouldOpen(DatagramKind kind, Ssrc ssrc, BytesView datagram) const;
  // Opened for a job that succeeded, and whose packet came over a path that is not this session's:
  // if it is newer than what came before, media follows it there: see PathMove.
  OpenedAs OpenedElsewhere(const OpenJob& job, Packet& packet);

  // --- The sending path.
  void Admit(SendIntent intent);
  // A plain RTCP compound of at most kMaxPacketSize octets, sealed and sent before waiting media.
  void AdmitRtcp(BytesView compound) { rtcp_queue_.Add(compound); }
  bool has_work() const { return next_intent_ < intents_.size() || !rtcp_queue_.empty(); }
  // Moves what may leave now into the batch, numbered. False: the batch is full and there is more.
  bool Release(Timestamp now, SealBatch& batch);

  // --- Time.
  void HandleTimeout(Timestamp now, SessionOutput& output);
  Deadline NextTimeout() const;

  bool connected() const { return send_keys_ != nullptr; }
  const IceAgent& ice() const { return *ice_; }
  // A path on trial, to which media has moved by itself; nullopt when there is none.
  const std::optional<Path>& trial_path() const { return move_.path(); }
  // Where media goes.
  const std::optional<Path>& send_path() const {
    return move_.target() ? move_.target() : ice_->selected();
  }
  // Where RTCP goes: elsewhere only for plain sessions with a port of its own for it.
  const std::optional<Path>& rtcp_send_path() const {
    return plain_ == nullptr ? send_path() : plain_->rtcp();
  }
  // Null with ICE.
  const PlainPath* plain_path() const { return plain_.get(); }
  const DtlsAgent& dtls() const { return *dtls_; }
  const OutgoingStream& stream(OutgoingStreamIndex index) const { return streams_[index.value()]; }
  // The ssrc under which this node reports to the peer.
  Ssrc rtcp_ssrc() const { return rtcp_ssrc_; }
  const SessionCounters& counters() const { return counters_; }
  void CountDrop(DropReason reason, uint64_t packets = 1) {
    counters_.drops.Count(reason, packets);
  }

 private:
  void HandleStun(Timestamp now, const Packet& packet, SessionOutput& output);
  void EndMoveIfChecked(IceOutput& output);
  void HandleDtls(Timestamp now, const Packet& packet, SessionOutput& output);
  void HandleDtlsEvent(DtlsEvent event, SessionOutput& output);
  void StartDtlsIfClient(Timestamp now, SessionOutput& output);
  bool StartSending();
  bool AdmitsPlain(DatagramKind datagram, const Packet& packet);
  bool AdmitsClear(SrtpKind kind, BytesView packet);
  bool AdmitsFrom(SrtpKind kind, const Path& path);
  void LearnPath(SrtpKind kind, const Path& path);
  void ClassifyRtp(const PacketRef& packet, OpenBatch& batch);
  void ClassifyRtcp(const PacketRef& packet, OpenBatch& batch);
  DropReason WhyRefused(SrtpKind kind, Ssrc ssrc) const;
  bool IsNewest(const OpenJob& job) const;
  bool Commit(const OpenJob& job);
  OpenedAs OpenedRtp(const OpenJob& job, Packet& packet);
  void ReadExtensions(const struct RtpHeader& header, Packet& packet) const;
  void NoteForFeedback(const Packet& packet);
  void DropIntent(const SendIntent& intent, DropReason reason);
  void ReleaseRtcp(SealBatch& batch);
  void ReleaseIntent(Timestamp now, SendIntent& intent, const Path& path, SealBatch& batch);
  void Drop(DropReason reason) { counters_.drops.Count(reason); }

  // One of the three by how it was made, and that one as what any is.
  std::unique_ptr<IceLite> lite_;
  std::unique_ptr<IceControlling> controlling_;
  std::unique_ptr<PlainPath> plain_;
  IceAgent* ice_ = nullptr;
  PathMove move_;
  std::unique_ptr<DtlsAgent> dtls_;
  GivenKeys* given_keys_ = nullptr;  // dtls_, of a plain session
  SrtpEngine* engine_;
  RandomSource* random_;
  Ssrc rtcp_ssrc_;

  std::unique_ptr<SrtpKeys> receive_keys_;
  std::unique_ptr<SrtpKeys> send_keys_;
  SrtpReceiveState receive_state_;
  SrtpSendState send_state_;
  ExtensionMap receive_extensions_;
  std::unique_ptr<TransportFeedbackGenerator> feedback_;
  Ssrc last_media_ssrc_;

  std::vector<OutgoingStream> streams_;
  uint16_t next_transport_sequence_ = 0;
  // The pacer's place: for now everything that waits may leave at once.
  std::vector<SendIntent> intents_;
  size_t next_intent_ = 0;
  RtcpQueue rtcp_queue_;
  SessionCounters counters_;
};

}  // namespace confab::rtc
