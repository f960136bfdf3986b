#include "client/testing/absurd_reports.h"

namespace confab::client {
namespace {

// RFC 3550 §12.1, RFC 4585 §6.1.
constexpr uint8_t kReceiverReport = 201, kSdes = 202, kBye = 203, kRtpFeedback = 205,
                  kPayloadFeedback = 206, kUnassigned = 213;
constexpr uint8_t kNack = 1, kPli = 1, kFir = 4;
constexpr size_t kMaxCount = 31;  // five bits
constexpr size_t kReportBlock = 24;
// What fits into one datagram with its SRTCP trailer.
constexpr size_t kNackItems = 340, kFirEntries = 100, kPlis = 80, kSdesChunks = 31;

class Compound {
 public:
  Compound(MutableBytes out, rtc::Ssrc sender, RandomSource& random)
      : writer_(out), sender_(sender), random_(random) {}

  // `words` of 32 bits follow, the first of which is the sender (RFC 3550 §6.4.1).
  void Begin(uint8_t count_or_format, uint8_t type, size_t words) {
    Header(count_or_format, type, words);
    Word(sender_.value());
  }
  void Header(uint8_t count_or_format, uint8_t type, size_t words) {
    writer_.U8(static_cast<uint8_t>(0x80 | count_or_format));
    writer_.U8(type);
    writer_.U16(static_cast<uint16_t>(words));
  }
  void Word(uint32_t word) { writer_.U32(word); }
  void Noise(size_t words) {
    for (size_t i = 0; i < words; ++i) writer_.U32(random_.U32());
  }
  size_t size() const { return writer_.ok() ? writer_.size() : 0; }

 private:
  ByteWriter writer_;
  rtc::Ssrc sender_;
  RandomSource& random_;
};

void WriteBlocks(Compound& compound, rtc::Ssrc media, size_t written) {
  compound.Begin(kMaxCount, kReceiverReport, 1 + written * kReportBlock / 4);
  for (size_t i = 0; i < written; ++i) {
    compound.Word(media.value());
    compound.Noise(kReportBlock / 4 - 1);
  }
}

enum class Numbers { kAll, kOne };
void WriteNack(Compound& compound, rtc::Ssrc media, Numbers numbers, RandomSource& random) {
  compound.Begin(kNack, kRtpFeedback, 2 + kNackItems);
  compound.Word(media.value());
  const uint32_t first = random.U32() & 0xffff;
  for (uint32_t i = 0; i < kNackItems; ++i) {
    const uint32_t pid = numbers == Numbers::kAll ? (first + i * 17) & 0xffff : first;
    compound.Word(pid << 16 | (numbers == Numbers::kAll ? 0xffff : 0));
  }
}

void WriteFir(Compound& compound, rtc::Ssrc media, RandomSource& random) {
  compound.Begin(kFir, kPayloadFeedback, 2 + kFirEntries * 2);
  compound.Word(0);
  for (size_t i = 0; i < kFirEntries; ++i) {
    compound.Word(media.value());
    compound.Word(random.U32());
  }
}

void WritePlis(Compound& compound, rtc::Ssrc media) {
  for (size_t i = 0; i < kPlis; ++i) {
    compound.Begin(kPli, kPayloadFeedback, 2);
    compound.Word(media.value());
  }
}

void WriteLists(Compound& compound, uint8_t type, size_t words) {
  compound.Begin(kMaxCount, type, words);
  compound.Noise(words - 1);
}

}  // namespace

size_t WriteAbsurdReport(AbsurdReport shape, rtc::Ssrc sender, rtc::Ssrc media,
                         RandomSource& random, MutableBytes out) {
  Compound compound(out, sender, random);
  switch (shape) {
    case AbsurdReport::kReportBlocks: WriteBlocks(compound, media, kMaxCount); break;
    case AbsurdReport::kMoreBlocks: WriteBlocks(compound, media, 1); break;
    case AbsurdReport::kNackEverything: WriteNack(compound, media, Numbers::kAll, random); break;
    case AbsurdReport::kNackTheSame: WriteNack(compound, media, Numbers::kOne, random); break;
    case AbsurdReport::kFirMany: WriteFir(compound, media, random); break;
    case AbsurdReport::kPliMany: WritePlis(compound, media); break;
    case AbsurdReport::kLongLength:
      compound.Begin(0, kReceiverReport, 0xffff);
      compound.Noise(1);
      break;
    case AbsurdReport::kSdesNames: WriteLists(compound, kSdes, kSdesChunks * 2); break;
    case AbsurdReport::kByeEveryone: WriteLists(compound, kBye, kMaxCount); break;
    case AbsurdReport::kUnknownTypes: WriteLists(compound, kUnassigned, kMaxCount); break;
    case AbsurdReport::kCount: break;
  }
  return compound.size();
}

}  // namespace confab::client
