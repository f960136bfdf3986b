#include "backends/store/fault.h"

#include "base/check.h"

namespace confab::store {

std::string_view ToString(StoreFault fault) {
  switch (fault) {
    case StoreFault::kUnavailable: return "unavailable";
    case StoreFault::kPerhapsDone: return "perhaps_done";
    case StoreFault::kBusy: return "busy";
    case StoreFault::kFull: return "full";
    case StoreFault::kRefused: return "refused";
    case StoreFault::kBroken: return "broken";
  }
  CheckFailed(__FILE__, __LINE__, "StoreFault is one of its enumerators");
}

bool IsPassing(StoreFault fault) {
  switch (fault) {
    case StoreFault::kUnavailable:
    case StoreFault::kPerhapsDone:
    case StoreFault::kBusy: return true;
    case StoreFault::kFull:
    case StoreFault::kRefused:
    case StoreFault::kBroken: return false;
  }
  CheckFailed(__FILE__, __LINE__, "StoreFault is one of its enumerators");
}

Error ToError(const StoreError& error) {
  switch (error.fault) {
    case StoreFault::kUnavailable:
    case StoreFault::kPerhapsDone:
    case StoreFault::kBusy:
    case StoreFault::kFull: return {ErrorCode::kUnavailable, error.message};
    case StoreFault::kRefused: return {ErrorCode::kInvalidMessage, error.message};
    case StoreFault::kBroken: return {ErrorCode::kInternal, error.message};
  }
  CheckFailed(__FILE__, __LINE__, "StoreFault is one of its enumerators");
}

}  // namespace confab::store
