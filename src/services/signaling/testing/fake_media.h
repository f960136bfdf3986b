#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "confab/media/v1/media.grpc.pb.h"

namespace confab::signaling {

// A media service that keeps the books and moves no packet. It refuses what a real one refuses by
// its books: unknown ids, ids in use, codecs that the receiver lacks, epochs that are not leased.
// Its leases do not run out by themselves. Thread-safe; the second part
// of its functions is for tests.
class FakeMedia final : public media::v1::Media::Service {
 public:
  struct Transport {
    bool has_dtls = false;
    media::v1::RtpCapabilities rtp_capabilities;
    uint32_t next_mid = 0;
  };
  struct Producer {
    std::string transport_id;
    std::string kind;
    std::string cname;
    std::string mime_type;
    bool paused = false;
    uint32_t keyframe_requests = 0;
  };
  struct Consumer {
    std::string transport_id;
    std::string producer_id;
    bool paused = false;
  };
  struct Router {
    std::map<std::string, Transport> transports;
    std::map<std::string, Producer> producers;
    std::map<std::string, Consumer> consumers;
  };

  enum class Intake : uint8_t { kOpen, kDraining, kFull };

  // ---- For tests
  // The epoch whose lease is alive; 0: none.
  int64_t HeldEpoch(const std::string& router_id) const;
  // As when it was not renewed in time.
  void EndLease(const std::string& router_id);
  // Tells it as its load.
  void SetIntake(Intake intake, uint32_t transports = 0);
  std::map<std::string, Router> routers() const;
  // Forgets everything and ends the event streams; calls go on under another instance id.
  void Restart();
  // Ends the event streams and answers nothing but UNAVAILABLE, until Return().
  void GoAway();
  void Return();
  // Answers so many of the next calls of Consume with UNAVAILABLE.
  void RefuseConsumes(int count);
  // As when ICE times out.
  void LoseTransport(const std::string& transport_id);
  void Speak(const std::string& producer_id);
  // No stream stays open after it.
  void Shutdown();

 private:
  using Status = grpc::Status;
  using Context = grpc::ServerContext;
  template <typename T>
  using Writer = grpc::ServerWriter<T>;

  Status GetRouterCapabilities(Context*, const media::v1::GetRouterCapabilitiesRequest*,
                               media::v1::RtpCapabilities* response) override;
  Status CreateTransport(Context*, const media::v1::CreateTransportRequest* request,
                         media::v1::CreateTransportResponse* response) override;
  Status ConnectTransport(Context*, const media::v1::ConnectTransportRequest* request,
                          media::v1::ConnectTransportResponse*) override;
  Status CreatePlainTransport(Context*, const media::v1::CreatePlainTransportRequest* request,
                              media::v1::CreatePlainTransportResponse* response) override;
  Status ConnectPlainTransport(Context*, const media::v1::ConnectPlainTransportRequest* request,
                               media::v1::ConnectPlainTransportResponse* response) override;
  Status RestartIce(Context*, const media::v1::RestartIceRequest* request,
                    media::v1::IceParameters* response) override;
  Status Produce(Context*, const media::v1::ProduceRequest* request,
                 media::v1::ProduceResponse* response) override;
  Status Consume(Context*, const media::v1::ConsumeRequest* request,
                 media::v1::ConsumeResponse* response) override;
  Status Pause(Context*, const media::v1::MediaIds* request, media::v1::MediaIdsResponse*) override;
  Status Resume(Context*, const media::v1::MediaIds* request,
                media::v1::MediaIdsResponse*) override;
  Status RequestKeyFrame(Context*, const media::v1::MediaIds* request,
                         media::v1::MediaIdsResponse*) override;
  Status Close(Context*, const media::v1::CloseRequest* request,
               media::v1::MediaIdsResponse* response) override;
  Status Stats(Context*, const media::v1::StatsRequest* request,
               media::v1::StatsResponse* response) override;
  Status Lease(Context*, const media::v1::LeaseRequest* request,
               media::v1::LeaseResponse* response) override;
  Status Events(Context* context, const media::v1::EventsRequest*,
                Writer<media::v1::Event>* writer) override;

  enum class State : uint8_t { kHere, kAway, kShut };
  struct LeaseEntry {
    int64_t epoch = 0;
    bool is_held = false;
  };

  // All below with mutex_ held.
  Status Here() const;
  // Here, and by the leases.
  Status Admit(const std::string& router_id, int64_t epoch) const;
  template <typename Request>
  Status Admit(const Request& request) const {
    return Admit(request.router_id(), request.epoch());
  }
  std::string InstanceId() const;  // of the process
  std::string Refuses(const media::v1::LeaseRequest::Item& item);
  Router* FindRouter(const std::string& id);
  Transport* FindTransport(const std::string& router_id, const std::string& transport_id);
  void ConsumeOne(Router& router, const media::v1::ConsumeRequest& request,
                  const media::v1::ConsumeItem& item, media::v1::ConsumeResult& result);
  void SetPaused(const media::v1::MediaIds& ids, bool paused);
  static void CloseTransport(Router& router, const std::string& id);
  static void CloseProducer(Router& router, const std::string& id);
  void Publish(media::v1::Event event);
  void EndStreams();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::kHere;
  std::map<std::string, Router> routers_;
  std::map<std::string, LeaseEntry> leases_;
  Intake intake_ = Intake::kOpen;
  int refused_consumes_ = 0;
  uint32_t instance_ = 1;
  uint32_t streams_epoch_ = 0;  // a stream of an earlier epoch ends
  uint32_t next_number_ = 1;
  std::vector<media::v1::Event> events_;  // of this epoch
};

}  // namespace confab::signaling
