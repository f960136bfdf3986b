#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace confab::signaling {

// In code points, after cleaning.
constexpr size_t kMaxNameLength = 64;
// In bytes, before cleaning.
constexpr size_t kMaxRawNameSize = 1024;

// A name as others may see it: control characters, bidirectional embeddings, overrides and isolates
// (UAX #9: they would turn round the text beside the name) and invisible fillers are removed, white
// space of every kind is collapsed to single spaces and trimmed. Right-to-left letters and marks,
// joiners and emoji stay. May be empty. Error kInvalidMessage: no UTF-8, or longer than
// kMaxNameLength.
Result<std::string> CleanName(std::string_view raw);

// The same of a name that nobody is there to change: its beginning where it is too long, "" where
// it is no UTF-8.
std::string ClippedName(std::string_view raw);

}  // namespace confab::signaling
