#include "backends/bus/make_bus.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "backends/bus/ledger_bus.h"
#include "backends/bus/memory/memory_ledger.h"
#include "backends/bus/redis/redis_ledger.h"

namespace confab::bus {
namespace {

constexpr size_t kMaxPasswordOctets = 4096;

// The file's text without the line feed at its end.
Result<std::string> ReadPassword(const std::string& path) {
  std::ifstream file(path);
  std::string text(std::istreambuf_iterator<char>(file), {});
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (file && !text.empty() && text.size() <= kMaxPasswordOctets) return text;
  return Fail(ErrorCode::kInvalidConfiguration,
              "the password for Redis cannot be read from \"" + path +
                  "\": write it there, and let confab read the file");
}

Result<RedisOptions> ToRedisOptions(const BusOptions& options) {
  auto redis = ParseRedisUrl(options.redis_url);
  if (!redis) return redis;
  redis->ca_file = options.redis_ca_file;
  if (options.redis_password_file.empty()) return redis;
  auto password = ReadPassword(options.redis_password_file);
  if (!password) return std::unexpected(password.error());
  redis->password = std::move(*password);
  return redis;
}

Result<InstanceName> MakeName(const BusOptions& options) {
  SecureRandom random;
  const auto name = InstanceName::Make(options.instance_id, options.region, random);
  if (name) return *name;
  return Fail(ErrorCode::kInvalidConfiguration,
              "\"" + options.instance_id + "\" in region \"" + options.region +
                  "\" is no instance: the id is 1 to 64 letters, digits, '-' or '_', the region up "
                  "to 63 lower-case letters, digits or '-'");
}

Result<std::unique_ptr<Ledger>> MakeRedisLedger(asio::io_context& io, const BusOptions& options,
                                                const Times& times) {
  auto redis = ToRedisOptions(options);
  if (!redis) return std::unexpected(redis.error());
  return std::make_unique<RedisLedger>(io, std::move(*redis), options.region, times);
}

}  // namespace

Result<std::unique_ptr<Bus>> MakeBus(asio::io_context& io, const BusOptions& options,
                                     const Times& times) {
  if (options.backend == BusBackend::kMemory) {
    return MakeMemoryBus(io, std::make_shared<MemoryHub>(times), options, times);
  }
  auto name = MakeName(options);
  if (!name) return std::unexpected(name.error());
  auto ledger = MakeRedisLedger(io, options, times);
  if (!ledger) return std::unexpected(ledger.error());
  return std::make_unique<LedgerBus>(io, std::move(*ledger), std::move(*name), times);
}

Result<std::unique_ptr<Bus>> MakeMemoryBus(asio::io_context& io, std::shared_ptr<MemoryHub> hub,
                                           const BusOptions& options, const Times& times) {
  auto name = MakeName(options);
  if (!name) return std::unexpected(name.error());
  auto ledger = std::make_unique<MemoryLedger>(io, std::move(hub));
  return std::make_unique<LedgerBus>(io, std::move(ledger), std::move(*name), times);
}

Result<std::unique_ptr<Relay>> MakeRelay(asio::io_context& io, const BusOptions& one,
                                         const BusOptions& other, const Times& times) {
  if (one.region == other.region || !IsRegion(one.region) || !IsRegion(other.region)) {
    return Fail(ErrorCode::kInvalidConfiguration,
                "a relay joins two regions with names of their own: \"" + one.region + "\" and \"" +
                    other.region + "\" are not");
  }
  auto first = MakeRedisLedger(io, one, times);
  if (!first) return std::unexpected(first.error());
  auto second = MakeRedisLedger(io, other, times);
  if (!second) return std::unexpected(second.error());
  Relay::Side here{.ledger = std::move(*first), .region = one.region};
  Relay::Side there{.ledger = std::move(*second), .region = other.region};
  return std::make_unique<Relay>(io, std::move(here), std::move(there), times);
}

}  // namespace confab::bus
