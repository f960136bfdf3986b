#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "backends/bus/bus.h"
#include "backends/bus/ledger.h"
#include "net/event.h"

namespace confab::bus {

// A change that waits, and who waits for it. Shared by its caller and the outbox.
struct PendingChange {
  PendingChange(const asio::any_io_executor& executor, RoomChange what, Patience how)
      : change(std::move(what)), patience(how), settled(executor) {}

  RoomChange change;
  Patience patience;
  net::Event settled;
  Result<uint64_t> result;  // once settled
  // Its caller has been told that it is not done.
  bool is_abandoned = false;
};

// What one instance has to say about one room: its own fields, what it did lately, what waits to be
// done. Decides what is written next and what an answer means; writes nothing itself. One thread.
//
// What is written goes one after another. A number is given when something is first written, and
// the same thing is written with that number until there is an answer.
class RoomOutbox {
 public:
  explicit RoomOutbox(InstanceName self) : self_(std::move(self)) {}

  void Add(std::shared_ptr<PendingChange> pending) { pending_.push_back(std::move(pending)); }
  // Takes it out where it has never been written; false: it is under way, or settled.
  bool Withdraw(const PendingChange& pending);
  // The bus lost what we wrote, or took us for gone: everything is to be said again, if there ever
  // was anything.
  void Restate();

  // What to write next, again and again the same until Take; nothing: all is said. `number` counts
  // up over all rooms.
  std::optional<Draft> Next(uint64_t& number);
  // What the answer to this draft of Next's means; after an error ask Next again later. Whether a
  // change was settled by it. Where Restate came in between, the answer may
  // mean nothing any more.
  bool Take(const Draft& draft, const Result<Written>& answer, Timestamp now);

  // From the room's log: fields that others took over are not ours any more, and if we were taken
  // for gone, all is said again.
  void Learn(const LogEntry& entry);
  void Learn(const RoomState& state);

  // Forgets what was acknowledged before.
  void Prune(Timestamp acknowledged_before);
  // Settles all that waits, with this error.
  void Refuse(const Error& error);

  bool has_fields() const { return !fields_.empty(); }
  bool is_idle() const { return pending_.empty() && !current_ && !must_restate_ && !must_repeat_; }
  // Nothing is lost if the outbox goes.
  bool is_forgettable(Timestamp acknowledged_before) const;
  size_t recent_octets() const { return recent_octets_; }
  void DropOldestRecent();
  uint64_t sequence() const { return sequence_; }

 private:
  struct Recent {
    Draft draft;
    Timestamp acknowledged;
  };
  struct Own {
    std::string value;
    uint64_t sequence = 0;
  };
  struct Current {
    Draft draft;
    std::shared_ptr<PendingChange> pending;  // none: a restatement
  };

  Draft MakeDraft(const RoomChange& change, uint64_t number) const;
  Draft MakeRestatement(uint64_t number) const;
  // Gives its fields the values that they have now: somebody who comes while all is said again
  // must not take an old one for the truth. What others have taken over since is theirs.
  void ShowNewest(Draft& draft) const;
  // Of one of our fields, with what waits and will be done.
  const std::string& Newest(const std::string& key) const;
  void TakeRepeated(const Written& written);
  bool TakeDone(const Written& written, Timestamp now);
  bool TakeError(const Error& error);
  void Settle(PendingChange& pending, Result<uint64_t> result);
  void Remember(Draft draft, Timestamp now);

  InstanceName self_;
  std::map<std::string, Own> fields_;
  std::deque<Recent> recent_;
  size_t recent_octets_ = 0;
  std::deque<std::shared_ptr<PendingChange>> pending_;
  std::optional<Current> current_;
  bool must_repeat_ = false;  // the recent changes, from repeat_next_ on
  size_t repeat_next_ = 0;
  bool must_restate_ = false;
  std::string life_;  // of the room, as last seen; "": not known
  uint64_t sequence_ = 0;
  // The number of our last change here that was acknowledged: what a follower must have seen to
  // have seen all. Restatements do not count, because no restatement is missed when another one
  // comes.
  uint64_t previous_ = 0;
  Timestamp last_done_ = Timestamp::Past();
};

}  // namespace confab::bus
