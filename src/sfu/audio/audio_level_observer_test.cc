#include "sfu/audio/audio_level_observer.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "base/random.h"

namespace confab::sfu {
namespace {

constexpr int kStepMs = 20;
constexpr ProducerKey kAnna = 3;
constexpr ProducerKey kBen = 7;
constexpr ProducerKey kCleo = 1;

// A level for each moment of the scene; nothing where no packet is sent.
using Voice = std::function<std::optional<uint8_t>(int ms)>;

Voice Silent() {
  return [](int) { return uint8_t{127}; };
}
Voice Speaks(int from_ms, int to_ms, uint8_t level = 30) {
  return [=](int ms) { return ms >= from_ms && ms < to_ms ? level : uint8_t{127}; };
}
// The same, by a sender with DTX.
Voice SpeaksWithDtx(int from_ms, int to_ms) {
  return [=](int ms) {
    return ms >= from_ms && ms < to_ms ? std::optional<uint8_t>(30) : std::nullopt;
  };
}
// Syllables and pauses between words.
Voice Talks(int from_ms, int to_ms, uint8_t level = 30) {
  return [=](int ms) {
    const bool pause = (ms - from_ms) % 400 >= 300;
    return ms >= from_ms && ms < to_ms && !pause ? level : uint8_t{127};
  };
}

struct Report {
  int at_ms;
  std::vector<ActiveSpeaker> speakers;
  std::optional<ProducerKey> dominant;
};

class Scene {
 public:
  void Join(ProducerKey producer, Voice voice) {
    EXPECT_TRUE(observer.Add(producer));
    voices_[producer] = std::move(voice);
  }
  void Leave(ProducerKey producer) {
    observer.Remove(producer);
    voices_.erase(producer);
  }
  // Evaluates when asked to, and never otherwise.
  void PlayUntil(int end_ms) {
    for (; now_ms_ < end_ms; now_ms_ += kStepMs) {
      const Timestamp now = Timestamp::Millis(1'000'000 + now_ms_);
      for (auto& [producer, voice] : voices_) {
        if (const auto level = voice(now_ms_)) observer.OnPacket(producer, *level, now);
      }
      if (observer.NextTimeout() > now) continue;
      const auto dominant = observer.dominant_speaker();
      if (observer.Evaluate(now)) {
        const auto speakers = observer.speakers();
        reports.push_back(
            {now_ms_, {speakers.begin(), speakers.end()}, observer.dominant_speaker()});
      }
      if (observer.dominant_speaker() != dominant) {
        switches.emplace_back(now_ms_, observer.dominant_speaker());
      }
    }
  }

  AudioLevelObserver observer;
  std::vector<Report> reports;
  std::vector<std::pair<int, std::optional<ProducerKey>>> switches;

 private:
  std::map<ProducerKey, Voice> voices_;
  int now_ms_ = 0;
};

TEST(AudioLevelObserver, SleepsWhileNobodySpeaks) {
  Scene scene;
  scene.Join(kAnna, Silent());
  scene.PlayUntil(5000);
  EXPECT_TRUE(scene.observer.NextTimeout().is_never());
  EXPECT_TRUE(scene.reports.empty());
  EXPECT_EQ(scene.observer.dominant_speaker(), std::nullopt);
}

TEST(AudioLevelObserver, GivesTheFloorToTheFirstSpeakerWithin300Milliseconds) {
  for (const Voice& voice : {Speaks(1000, 3000), Talks(1000, 3000), SpeaksWithDtx(1000, 3000)}) {
    Scene scene;
    scene.Join(kAnna, voice);
    scene.Join(kBen, Silent());
    scene.PlayUntil(1300);
    EXPECT_EQ(scene.observer.dominant_speaker(), kAnna);
    ASSERT_EQ(scene.reports.size(), 1U);
    EXPECT_EQ(scene.reports[0].dominant, kAnna);
    ASSERT_EQ(scene.reports[0].speakers.size(), 1U);
    EXPECT_EQ(scene.reports[0].speakers[0].producer, kAnna);
    EXPECT_GT(scene.reports[0].speakers[0].level_dbov, -127);
  }
}

TEST(AudioLevelObserver, SwitchesWithin300MillisecondsToWhoSpeaksNext) {
  for (int pause_ms : {0, 100, 500, 2000}) {
    const int begins = 5000 + pause_ms;
    Scene scene;
    scene.Join(kAnna, Talks(1000, 5000));
    scene.Join(kBen, Talks(begins, begins + 3000));
    scene.PlayUntil(begins);
    EXPECT_EQ(scene.observer.dominant_speaker(), kAnna) << pause_ms;
    scene.PlayUntil(begins + 300);
    EXPECT_EQ(scene.observer.dominant_speaker(), kBen) << pause_ms;
    EXPECT_EQ(scene.switches.size(), 2U) << pause_ms;
  }
}

TEST(AudioLevelObserver, IgnoresNoisesBelow150Milliseconds) {
  for (const uint8_t level : {uint8_t{0}, uint8_t{10}, uint8_t{30}}) {
    Scene scene;
    scene.Join(kAnna, Talks(1000, 3000));
    // Nine packets: what a noise of 149 ms reaches into at most.
    scene.Join(kBen, [=](int ms) { return ms % 1000 < 180 ? level : uint8_t{127}; });
    scene.PlayUntil(10'000);
    ASSERT_EQ(scene.switches.size(), 1U) << int{level};
    EXPECT_EQ(scene.observer.dominant_speaker(), kAnna);
    for (const Report& report : scene.reports) {
      for (const ActiveSpeaker& speaker : report.speakers) EXPECT_EQ(speaker.producer, kAnna);
    }
  }
}

TEST(AudioLevelObserver, LeavesTheFloorToItsHolderWhenSeveralSpeak) {
  Scene scene;
  scene.Join(kAnna, Talks(1000, 9000));
  scene.Join(kBen, Talks(2030, 9000, 28));
  scene.Join(kCleo, Talks(2510, 9000, 32));
  scene.PlayUntil(9000);
  ASSERT_EQ(scene.switches.size(), 1U);
  EXPECT_EQ(scene.observer.dominant_speaker(), kAnna);
  EXPECT_EQ(scene.observer.speakers().size(), 3U);
}

TEST(AudioLevelObserver, PassesTheFloorOnWhenTheHolderStopsAmongSeveral) {
  Scene scene;
  scene.Join(kAnna, Speaks(1000, 5000));
  scene.Join(kBen, Speaks(2000, 9000, 40));
  scene.Join(kCleo, Speaks(2000, 9000, 30));
  scene.PlayUntil(5000);
  EXPECT_EQ(scene.observer.dominant_speaker(), kAnna);
  scene.PlayUntil(5300);
  EXPECT_EQ(scene.observer.dominant_speaker(), kCleo) << "the loudest of the others";
}

TEST(AudioLevelObserver, LeavesTheFloorToTheLastSpeakerInSilence) {
  Scene scene;
  scene.Join(kAnna, Speaks(1000, 3000));
  scene.PlayUntil(20'000);
  EXPECT_EQ(scene.observer.dominant_speaker(), kAnna);
  EXPECT_TRUE(scene.observer.speakers().empty());
  EXPECT_TRUE(scene.reports.back().speakers.empty());
  EXPECT_TRUE(scene.observer.NextTimeout().is_never());
}

TEST(AudioLevelObserver, TakesTheFloorFromANoisyMicrophone) {
  Scene scene;
  scene.Join(kAnna, Speaks(1000, 60'000, 38));  // too loud to pass for a fan
  scene.Join(kBen, Talks(5000, 60'000, 15));
  scene.PlayUntil(5900);
  EXPECT_EQ(scene.observer.dominant_speaker(), kAnna);
  scene.Join(kBen, Speaks(5000, 60'000, 15));
  scene.PlayUntil(8000);
  EXPECT_EQ(scene.observer.dominant_speaker(), kBen);
}

TEST(AudioLevelObserver, ListsTheLoudestFirst) {
  Scene scene;
  scene.Join(kAnna, Speaks(0, 5000, 40));
  scene.Join(kBen, Speaks(0, 5000, 20));
  scene.Join(kCleo, Speaks(0, 5000, 30));
  scene.PlayUntil(3000);
  const auto speakers = scene.observer.speakers();
  ASSERT_EQ(speakers.size(), 3U);
  EXPECT_EQ(speakers[0].producer, kBen);
  EXPECT_EQ(speakers[1].producer, kCleo);
  EXPECT_EQ(speakers[2].producer, kAnna);
  EXPECT_NEAR(speakers[0].level_dbov, -20, 1);
}

TEST(AudioLevelObserver, ReportsAtMostOnceIn200Milliseconds) {
  Scene scene;
  Prng random(7);
  for (ProducerKey producer = 0; producer < 30; ++producer) {
    const int from = static_cast<int>(random.Below(3000));
    scene.Join(producer, Talks(from, from + static_cast<int>(random.Below(6000)),
                               static_cast<uint8_t>(random.Below(60))));
  }
  scene.PlayUntil(12'000);
  ASSERT_GT(scene.reports.size(), 5U);
  for (size_t i = 1; i < scene.reports.size(); ++i) {
    EXPECT_GE(scene.reports[i].at_ms - scene.reports[i - 1].at_ms, 200);
  }
  EXPECT_TRUE(scene.reports.back().speakers.empty()) << "the last change is reported, too";
}

TEST(AudioLevelObserver, ReportsSteadySpeechOnce) {
  Scene scene;
  scene.Join(kAnna, Speaks(1000, 30'000));
  scene.PlayUntil(29'000);
  // The beginning, and the level's settling.
  EXPECT_LE(scene.reports.size(), 4U);
  EXPECT_EQ(scene.reports.front().dominant, kAnna);
}

TEST(AudioLevelObserver, ForgetsWhoLeaves) {
  Scene scene;
  scene.Join(kAnna, Speaks(1000, 9000));
  scene.Join(kBen, Speaks(2000, 9000));
  scene.PlayUntil(4000);
  EXPECT_EQ(scene.observer.dominant_speaker(), kAnna);
  scene.Leave(kAnna);
  EXPECT_EQ(scene.observer.dominant_speaker(), std::nullopt);
  EXPECT_EQ(scene.observer.speakers().size(), 1U);
  scene.PlayUntil(4300);
  EXPECT_EQ(scene.observer.dominant_speaker(), kBen);
  EXPECT_EQ(scene.reports.back().dominant, kBen);

  scene.Leave(kBen);
  scene.PlayUntil(4600);
  EXPECT_TRUE(scene.reports.back().speakers.empty());
  EXPECT_EQ(scene.reports.back().dominant, std::nullopt);
  EXPECT_TRUE(scene.observer.NextTimeout().is_never());
}

TEST(AudioLevelObserver, WatchesABoundedNumberOfProducers) {
  AudioLevelObserver observer;
  for (ProducerKey producer = 0; producer < AudioLevelObserver::kMaxProducers; ++producer) {
    EXPECT_TRUE(observer.Add(producer));
  }
  EXPECT_FALSE(observer.Add(9999));
  EXPECT_TRUE(observer.Add(5)) << "it is there already";
  for (int ms = 0; ms < 1000; ms += 20) {
    observer.OnPacket(9999, 10, Timestamp::Millis(ms));
  }
  EXPECT_FALSE(observer.Evaluate(Timestamp::Millis(1000)));
  observer.Remove(5);
  EXPECT_TRUE(observer.Add(9999));
}

}  // namespace
}  // namespace confab::sfu
