#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace confab::app {

// `confab bench call`: rooms of people without browsers, some who send and some who receive.
struct CallBench {
  static constexpr uint32_t kMaxRooms = 100;
  static constexpr uint32_t kMaxPublishers = 100;   // of a room
  static constexpr uint32_t kMaxSubscribers = 100;  // of a room
  // One process and one thread: more belong to several.
  static constexpr uint32_t kMaxParticipants = 1000;
  static constexpr uint32_t kMaxConsumers = 20'000;
  static constexpr uint32_t kMaxSeconds = 24 * 3600;
  static constexpr uint32_t kMaxLosePerMille = 500;
  static constexpr uint32_t kMaxComeBackSeconds = 3600;

  std::string url;
  std::string room = "call";    // the rooms are called call-1, call-2 …
  std::string clip;             // an IVF file with VP8
  uint32_t rooms = 1;           // 1…kMaxRooms
  uint32_t publishers = 1;      // 0…kMaxPublishers
  uint32_t subscribers = 1;     // 0…kMaxSubscribers
  uint32_t seconds = 10;        // measured; 0: until SIGINT or SIGTERM
  uint32_t lose_per_mille = 0;  // see client::SubscriberOptions
  // Whoever is cut off comes back as somebody new, and tries for so long; 0: that ends the run.
  // Then the figures, gaps of sound aside, are of the last stay of each.
  uint32_t come_back_seconds = 0;
  double max_missing_percent = 0.1;
  pid_t server_pid = 0;  // 0: unknown
  std::string json;      // a file for the last line; empty: none

  uint32_t participants() const { return rooms * (publishers + subscribers); }
  // Each publisher has a camera and a microphone.
  uint32_t consumers() const { return rooms * publishers * subscribers * 2; }
};

// What is wrong with it, and what to do; empty: nothing.
std::string ProblemOf(const CallBench& bench);

// Prints a line every few seconds, and in the end a table and, as one line of JSON, the same. The
// process's status: 1 with a sentence on stderr when someone could not join or was cut off, or more
// is missing than may be; 2 for wrong use.
int CallCommand(const CallBench& bench);

}  // namespace confab::app
