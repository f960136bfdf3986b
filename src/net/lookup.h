#pragma once

#include <boost/asio/ip/address.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/asio.h"

namespace confab::net {

// What a host stands for: addresses in the order in which to try them, or why there are none.
struct FoundAddresses {
  error_code failed;
  std::vector<asio::ip::address> addresses;
};

using NameAnswer = std::function<void(FoundAddresses)>;
// How a name is asked for; another in tests. Returns the question, which is taken back with it as
// far as nobody works on it yet; `answer` is called on the executor, at any later time, once.
using NameQuestion = std::function<std::shared_ptr<void>(
    const asio::any_io_executor& executor, const std::string& host, NameAnswer answer)>;

// The addresses of `host`, at least one; `failed` is timed_out where they are not there within
// `limit`. An IP address is asked of nobody: the system looks up one name after another, and cannot
// be interrupted, so it would wait behind names. A question that is over the limit ends by itself
// and touches nothing of who asked it.
asio::awaitable<FoundAddresses> LookUp(std::string host, TimeDelta limit);
asio::awaitable<FoundAddresses> LookUp(std::string host, TimeDelta limit, NameQuestion ask);

}  // namespace confab::net
