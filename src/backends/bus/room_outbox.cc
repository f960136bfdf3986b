#include "backends/bus/room_outbox.h"

#include <algorithm>
#include <set>
#include <utility>

#include "backends/bus/limits.h"

namespace confab::bus {
namespace {

size_t OctetsOf(const Draft& draft) {
  size_t octets = sizeof(Draft) + draft.event.size();
  for (const OwnedField& field : draft.set) {
    octets += sizeof(OwnedField) + field.key.size() + field.value.size();
  }
  for (const std::string& key : draft.remove) octets += sizeof(std::string) + key.size();
  return octets;
}

// What a change that will be done gives to a field; null: it leaves it alone.
const std::string* ValueBy(const PendingChange& pending, const std::string& key) {
  if (pending.patience != Patience::kKeep) return nullptr;
  const auto set = std::ranges::find(pending.change.set, key, &FieldValue::key);
  return set == pending.change.set.end() ? nullptr : &set->value;
}

}  // namespace

bool RoomOutbox::Withdraw(const PendingChange& pending) {
  return std::erase_if(pending_, [&](const auto& each) { return each.get() == &pending; }) > 0;
}

void RoomOutbox::Restate() {
  if (last_done_ == Timestamp::Past()) return;
  must_repeat_ = !recent_.empty();
  repeat_next_ = 0;
  must_restate_ = true;
  life_.clear();
  // One that says less, and whose number the next would follow: it is made anew.
  if (current_ && !current_->pending) current_.reset();
}

std::optional<Draft> RoomOutbox::Next(uint64_t& number) {
  if (must_repeat_) {
    Draft draft = recent_[repeat_next_].draft;
    ShowNewest(draft);
    draft.floor = sequence_;
    // All of them in one life: in another one a later number would hide those before it.
    if (repeat_next_ > 0) draft.expected_life = life_;
    return draft;
  }
  if (current_ && current_->pending && current_->pending->is_abandoned) {
    current_.reset();
    must_restate_ = true;  // nobody knows whether it was done
  }
  // What has a number already goes before what has none yet.
  if (!current_ && must_restate_) {
    current_ = Current{.draft = MakeRestatement(++number), .pending = nullptr};
  } else if (!current_ && !pending_.empty()) {
    const auto pending = pending_.front();
    pending_.pop_front();
    current_ = Current{.draft = MakeDraft(pending->change, ++number), .pending = pending};
  }
  if (!current_) return std::nullopt;
  current_->draft.floor = sequence_;
  current_->draft.expected_life = life_;
  return current_->draft;
}

Draft RoomOutbox::MakeDraft(const RoomChange& change, uint64_t number) const {
  Draft draft{.origin = self_, .number = number, .previous = previous_};
  for (const FieldValue& field : change.set) {
    draft.set.push_back({.key = field.key, .value = field.value, .owner = self_});
  }
  draft.remove = change.remove;
  draft.event = change.event;
  return draft;
}

Draft RoomOutbox::MakeRestatement(uint64_t number) const {
  Draft draft{
      .kind = EntryKind::kRestated, .origin = self_, .number = number, .previous = previous_};
  for (const auto& [key, own] : fields_) {
    draft.set.push_back({.key = key, .value = own.value, .owner = self_, .sequence = own.sequence});
  }
  ShowNewest(draft);
  return draft;
}

void RoomOutbox::ShowNewest(Draft& draft) const {
  std::erase_if(draft.set,
                [this](const OwnedField& field) { return !fields_.contains(field.key); });
  for (OwnedField& field : draft.set) field.value = Newest(field.key);
}

const std::string& RoomOutbox::Newest(const std::string& key) const {
  for (auto pending = pending_.rbegin(); pending != pending_.rend(); ++pending) {
    if (const std::string* value = ValueBy(**pending, key)) return *value;
  }
  if (current_ && current_->pending) {
    if (const std::string* value = ValueBy(*current_->pending, key)) return *value;
  }
  return fields_.at(key).value;
}

bool RoomOutbox::Take(const Draft& draft, const Result<Written>& answer, Timestamp now) {
  if (current_ && current_->draft.number == draft.number) {
    if (!answer) return TakeError(answer.error());
    if (answer->verdict != Verdict::kOtherLife) return TakeDone(*answer, now);
    Restate();
    return false;
  }
  const bool is_repeated =
      must_repeat_ && recent_[repeat_next_].draft.number == draft.number && answer.has_value();
  if (is_repeated) TakeRepeated(*answer);
  return false;
}

void RoomOutbox::TakeRepeated(const Written& written) {
  if (written.verdict == Verdict::kOtherLife) return Restate();  // wiped once more
  life_ = written.life;
  sequence_ = std::max(sequence_, written.sequence);
  if (++repeat_next_ >= recent_.size()) must_repeat_ = false;
}

bool RoomOutbox::TakeDone(const Written& written, Timestamp now) {
  life_ = written.life;
  sequence_ = std::max(sequence_, written.sequence);
  last_done_ = now;
  Current done = *std::exchange(current_, std::nullopt);
  if (!done.pending) {
    must_restate_ = false;
    return false;
  }
  // Its caller was told that it is not done, and acts as if it were not: the restatement undoes it.
  if (done.pending->is_abandoned) {
    must_restate_ = true;
    return false;
  }
  previous_ = done.draft.number;
  for (const OwnedField& field : done.draft.set) {
    fields_[field.key] = Own{.value = field.value, .sequence = written.sequence};
  }
  for (const std::string& key : done.draft.remove) fields_.erase(key);
  for (OwnedField& field : done.draft.set) field.sequence = written.sequence;
  Remember(std::move(done.draft), now);
  Settle(*done.pending, written.sequence);
  return true;
}

bool RoomOutbox::TakeError(const Error& error) {
  const auto pending = current_->pending;
  if (!pending) return false;               // a restatement is tried until it is done
  if (pending->is_abandoned) return false;  // Next sees to it
  if (error.code == ErrorCode::kUnavailable || pending->patience == Patience::kKeep) {
    return false;
  }
  current_.reset();
  Settle(*pending, std::unexpected(error));
  return true;
}

void RoomOutbox::Settle(PendingChange& pending, Result<uint64_t> result) {
  pending.result = std::move(result);
  pending.settled.Set();
}

void RoomOutbox::Remember(Draft draft, Timestamp now) {
  draft.expected_life.clear();
  recent_octets_ += OctetsOf(draft);
  recent_.push_back({.draft = std::move(draft), .acknowledged = now});
  if (recent_.size() > kMaxRecentPerRoom) DropOldestRecent();
}

void RoomOutbox::DropOldestRecent() {
  if (recent_.empty()) return;
  recent_octets_ -= OctetsOf(recent_.front().draft);
  recent_.pop_front();
  if (must_repeat_) Restate();
}

void RoomOutbox::Learn(const LogEntry& entry) {
  if (entry.origin == self_) {
    if (entry.kind == EntryKind::kGone) Restate();
    return;
  }
  if (entry.kind != EntryKind::kChange) return;
  const uint64_t set_at = entry.first_sequence != 0 ? entry.first_sequence : entry.sequence;
  for (const FieldValue& field : entry.set) {
    const auto own = fields_.find(field.key);
    if (own != fields_.end() && own->second.sequence < set_at) fields_.erase(own);
  }
}

void RoomOutbox::Learn(const RoomState& state) {
  std::set<std::string_view> there;
  for (const OwnedField& field : state.fields) {
    if (field.owner == self_) {
      there.insert(field.key);
      continue;
    }
    const auto own = fields_.find(field.key);
    if (own != fields_.end() && own->second.sequence < field.sequence) fields_.erase(own);
  }
  const bool has_all =
      std::ranges::all_of(fields_, [&](const auto& own) { return there.contains(own.first); });
  if (!has_all) Restate();
}

void RoomOutbox::Prune(Timestamp acknowledged_before) {
  if (must_repeat_) return;
  while (!recent_.empty() && recent_.front().acknowledged < acknowledged_before) {
    DropOldestRecent();
  }
}

void RoomOutbox::Refuse(const Error& error) {
  if (current_ && current_->pending) Settle(*current_->pending, std::unexpected(error));
  for (const auto& pending : pending_) Settle(*pending, std::unexpected(error));
  current_.reset();
  pending_.clear();
}

bool RoomOutbox::is_forgettable(Timestamp acknowledged_before) const {
  return is_idle() && fields_.empty() && recent_.empty() && last_done_ < acknowledged_before;
}

}  // namespace confab::bus
