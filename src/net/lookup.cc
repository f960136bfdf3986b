#include "net/lookup.h"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "net/event.h"

namespace confab::net {
namespace {

// Shared with the question, which may be answered when nobody waits any more.
struct PendingLookup {
  explicit PendingLookup(const asio::any_io_executor& executor) : done(executor) {
    found.failed = asio::error::timed_out;
  }
  Event done;
  FoundAddresses found;
};

std::shared_ptr<void> AskSystem(const asio::any_io_executor& executor, const std::string& host,
                                NameAnswer answer) {
  using asio::ip::tcp;
  const auto resolver = std::make_shared<tcp::resolver>(executor);
  resolver->async_resolve(
      host, "",
      [answer = std::move(answer)](error_code failed, const tcp::resolver::results_type& results) {
        FoundAddresses found;
        found.failed = failed;
        for (const auto& each : results) {
          found.addresses.push_back(each.endpoint().address());
        }
        answer(std::move(found));
      });
  // With the resolver goes what its thread has not begun yet.
  return resolver;
}

}  // namespace

asio::awaitable<FoundAddresses> LookUp(std::string host, TimeDelta limit) {
  return LookUp(std::move(host), limit, AskSystem);
}

asio::awaitable<FoundAddresses> LookUp(std::string host, TimeDelta limit, NameQuestion ask) {
  FoundAddresses own;
  const asio::ip::address address = asio::ip::make_address(host, own.failed);
  if (!own.failed) {
    own.addresses.push_back(address);
    co_return own;
  }
  const auto executor = co_await asio::this_coro::executor;
  const auto pending = std::make_shared<PendingLookup>(executor);
  const NameAnswer answer = [pending](FoundAddresses found) {
    if (!found.failed && found.addresses.empty()) found.failed = asio::error::host_not_found;
    pending->found = std::move(found);
    pending->done.Set();
  };
  const std::shared_ptr<void> question = ask(executor, host, answer);
  co_await pending->done.Wait(limit);
  co_return pending->found;
}

}  // namespace confab::net
