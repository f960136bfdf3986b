#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "sfu/audio/audio_level_observer.h"
#include "sfu/transport.h"
#include "sfu/worker_context.h"
#include "sfu/worker_event.h"

namespace confab::sfu {

struct ConsumeOptions {
  std::string consumer_id;
  std::string producer_id;
  bool paused = false;
};

// One room's media: transports whose producers and consumers may be joined. Owned by its worker,
// one thread. Control only: packets go from transport to transport without asking the router.
class Router {
 public:
  static constexpr size_t kMaxTransports = 1024;

  explicit Router(std::string id) : id_(std::move(id)) {}
  const std::string& id() const { return id_; }

  // Errors: kDuplicateId, kLimitExceeded.
  Result<Transport*> AddTransport(Timestamp now, TransportOptions options, WorkerContext& context);
  Result<Transport*> AddPlainTransport(Timestamp now, TransportOptions options,
                                       PlainTransportOptions plain, WorkerContext& context);
  // Its producers and consumers go with it, and the consumers of its producers.
  ClosedEntities RemoveTransport(Transport& transport);

  // Errors of all below: …NotFound, and those of Transport.
  Result<Transport*> FindTransport(std::string_view id) const;
  Result<Producer*> FindProducer(std::string_view id) const;
  Result<Consumer*> FindConsumer(std::string_view id) const;

  Result<Producer*> Produce(Timestamp now, std::string_view transport_id, ProducerOptions options);
  // Without capabilities those of the transport are taken; if a plain one has none, what
  // PlainRtpCapabilities says.
  Result<Consumer*> Consume(Timestamp now, std::string_view transport_id, ConsumeOptions options,
                            const RtpCapabilities* capabilities);
  ClosedEntities CloseProducer(Producer& producer);
  void CloseConsumer(Consumer& consumer);

  void PauseProducer(Producer& producer);
  // Video goes on with a keyframe.
  void ResumeProducer(Timestamp now, Producer& producer);
  void PauseConsumer(Timestamp now, Consumer& consumer);
  void ResumeConsumer(Timestamp now, Consumer& consumer);

  // Who speaks. Producers are named by their key.
  AudioLevelObserver& speakers() { return speakers_; }
  // Null for a key whose producer is gone.
  const Producer* FindProducer(ProducerKey key) const;

  const std::unordered_map<std::string, std::unique_ptr<Transport>>& transports() const {
    return transports_;
  }

 private:
  Result<void> CheckNew(const std::string& transport_id) const;
  Transport* Keep(std::unique_ptr<Transport> transport);
  void StopWatching(const Producer& producer);

  std::string id_;
  AudioLevelObserver speakers_;  // before the transports that refer to it
  ProducerKey next_key_ = 1;
  std::unordered_map<std::string, std::unique_ptr<Transport>> transports_;
  std::unordered_map<std::string, Producer*> producers_;
  std::unordered_map<std::string, Consumer*> consumers_;
};

}  // namespace confab::sfu
