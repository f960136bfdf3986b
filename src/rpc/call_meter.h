#pragma once

#include <grpcpp/support/client_interceptor.h>
#include <grpcpp/support/server_interceptor.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/bucket_counts.h"

namespace confab::rpc {

// Counts the RPCs that a process makes, or those that it answers, by method and status, and times
// them. Methods that this program does not know count together as "other": whoever calls chooses
// their names. Thread-safe. Shared by the channels or servers and by whoever reads it.
class CallMeter {
 public:
  static constexpr size_t kCodes = 17;  // of grpc::StatusCode
  static constexpr std::string_view kOther = "other";

  // What became of the calls of one method. A value.
  struct Calls {
    std::array<uint64_t, kCodes> by_code{};
    // Of calls with one answer; streams last as long as their client wants.
    BucketCounts times{kCallTimes};
  };

  // "/confab.media.v1.Media/Stats" → "confab.media.v1.Media/Stats", or kOther.
  static std::string NameOf(std::string_view method);

  enum class Kind : uint8_t { kUnary, kStream };
  void Count(const std::string& name, grpc::StatusCode code, Kind kind, TimeDelta took);
  std::map<std::string, Calls> calls() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Calls> calls_;  // guarded by mutex_
};

// "OK", "UNAVAILABLE", …
std::string_view NameOfCode(size_t code);

// Of a channel. nullptr: nothing is counted.
void AddMeter(
    std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>& factories,
    std::shared_ptr<CallMeter> meter);
// Of a server.
std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>
ServerMeterInterceptors(std::shared_ptr<CallMeter> meter);

}  // namespace confab::rpc
