#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/call_scope.h"
#include "confab/media/v1/state.pb.h"
#include "net/asio.h"

namespace confab::gateway {

// A media instance, as it tells of itself.
struct MediaState {
  std::string id;
  std::optional<media::v1::GetStateResponse> answer;  // nullopt: it does not answer
};

// The media instances, as the REST interface sees them. Lives on the io_context's thread.
class MediaPort {
 public:
  virtual ~MediaPort() = default;

  // Of each that discovery knows, in the order of their ids. `scope`: for whom it is asked; lives
  // until the answer is there.
  virtual asio::awaitable<std::vector<MediaState>> State(const CallScope& scope) = 0;
};

}  // namespace confab::gateway
