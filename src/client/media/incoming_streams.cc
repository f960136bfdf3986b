#include "client/media/incoming_streams.h"

#include <utility>

namespace confab::client {
namespace {

IncomingCounters& OfKind(rtc::MediaKind kind, SubscriberCounters& counters) {
  return kind == rtc::MediaKind::kVideo ? counters.video : counters.audio;
}

void AddEnded(const IncomingCounters& ended, SubscriberProgress& progress) {
  progress.packets += ended.packets;
  progress.recovered += ended.recovered;
  progress.missing += ended.missing;
  progress.payload_octets += ended.payload_octets;
  progress.complete_frames += ended.frames.complete;
}

void AddOpen(const IncomingMedia& stream, SubscriberProgress& progress) {
  ++progress.streams;
  if (stream.packets() == 0) ++progress.silent_streams;
  progress.packets += stream.packets();
  progress.recovered += stream.recovered();
  progress.missing += stream.missing();
  progress.payload_octets += stream.payload_octets();
  progress.complete_frames += stream.complete_frames();
}

}  // namespace

SubscriberCounters& SubscriberCounters::operator+=(const SubscriberCounters& other) {
  streams += other.streams;
  silent_streams += other.silent_streams;
  thrown_away += other.thrown_away;
  video += other.video;
  audio += other.audio;
  return *this;
}

SubscriberProgress& SubscriberProgress::operator+=(const SubscriberProgress& other) {
  streams += other.streams;
  silent_streams += other.silent_streams;
  packets += other.packets;
  recovered += other.recovered;
  missing += other.missing;
  payload_octets += other.payload_octets;
  complete_frames += other.complete_frames;
  return *this;
}

IncomingMedia& IncomingStreams::Add(ReceiveParameters parameters) {
  open_.push_back(std::make_unique<IncomingMedia>(std::move(parameters)));
  IncomingMedia& stream = *open_.back();
  by_ssrc_[stream.parameters().ssrc] = &stream;
  if (const auto rtx = stream.parameters().rtx_ssrc) by_ssrc_[*rtx] = &stream;
  return stream;
}

IncomingMedia* IncomingStreams::Find(rtc::Ssrc ssrc) const {
  const auto found = by_ssrc_.find(ssrc);
  return found == by_ssrc_.end() ? nullptr : found->second;
}

void IncomingStreams::CloseOf(std::string_view producer_id) {
  std::erase_if(open_, [&](const std::unique_ptr<IncomingMedia>& stream) {
    const bool is_of_it = stream->parameters().producer_id == producer_id;
    if (is_of_it) Retire(*stream);
    return is_of_it;
  });
}

void IncomingStreams::CloseAll() {
  for (const auto& stream : open_) Retire(*stream);
  open_.clear();
}

void IncomingStreams::Reset() {
  by_ssrc_.clear();
  open_.clear();
  ended_ = SubscriberCounters();
}

void IncomingStreams::Retire(const IncomingMedia& stream) {
  OfKind(stream.parameters().kind, ended_) += stream.counters();
  // Another one may have its ssrc by now.
  std::erase_if(by_ssrc_, [&](const auto& entry) { return entry.second == &stream; });
}

SubscriberCounters IncomingStreams::counters() const {
  SubscriberCounters counters = ended_;
  for (const auto& stream : open_) {
    const IncomingCounters received = stream->counters();
    ++counters.streams;
    if (received.packets == 0) ++counters.silent_streams;
    OfKind(stream->parameters().kind, counters) += received;
  }
  return counters;
}

SubscriberProgress IncomingStreams::progress() const {
  SubscriberProgress progress;
  AddEnded(ended_.video, progress);
  AddEnded(ended_.audio, progress);
  for (const auto& stream : open_) AddOpen(*stream, progress);
  return progress;
}

}  // namespace confab::client
