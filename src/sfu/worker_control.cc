// A worker's control calls: what the media service's API becomes.

#include <fmt/format.h>

#include "sfu/worker.h"

namespace confab::sfu {

Result<Router*> Worker::FindOrAddRouter(std::string_view id) {
  if (const auto found = routers_.find(std::string(id)); found != routers_.end()) {
    return found->second.get();
  }
  if (routers_.size() >= kMaxRouters) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("a media worker takes {} rooms at most", kMaxRouters));
  }
  auto router = std::make_unique<Router>(std::string(id));
  return routers_.emplace(id, std::move(router)).first->second.get();
}

Result<Router*> Worker::FindRouter(std::string_view id) const {
  const auto found = routers_.find(std::string(id));
  if (found != routers_.end()) return found->second.get();
  return Fail(ErrorCode::kRouterNotFound, fmt::format("there is no router {}", id));
}

Result<Transport*> Worker::CreateTransport(Timestamp now, TransportOptions options,
                                           RemoteDtls remote) {
  const auto router = FindOrAddRouter(options.router_id);
  if (!router) return std::unexpected(router.error());
  auto transport = (*router)->AddTransport(now, std::move(options), context_);
  if (!transport) return transport;
  ++transports_;
  RegisterUfrags(**transport);
  if (!remote.fingerprints.empty()) {
    // A transport that was just made can be connected.
    (void)ConnectTransport(now, **transport, std::move(remote));
  }
  Touch(**transport);
  return transport;
}

Result<void> Worker::ConnectTransport(Timestamp now, Transport& transport, RemoteDtls remote) {
  rtc::SessionOutput output(context_.sink);
  auto connected = transport.Connect(now, std::move(remote), output);
  if (output.has_events()) HandleSessionEvents(now, transport, output);
  Touch(transport);
  return connected;
}

Result<void> Worker::CheckPlain() const {
  if (context_.plain_networks.empty()) {
    return Fail(ErrorCode::kForbidden,
                "plain transports are switched off: name the networks that they may use in "
                "media.plain_rtp_networks");
  }
  size_t open = 0;
  for (const auto& [socket, transport] : plain_sockets_) {
    if (socket == transport->plain().options().rtp.number) ++open;
  }
  if (open < kMaxPlainTransports) return {};
  return Fail(ErrorCode::kLimitExceeded,
              fmt::format("a media worker takes {} plain transports at most: close one first",
                          kMaxPlainTransports));
}

Result<Transport*> Worker::CreatePlainTransport(Timestamp now, TransportOptions options,
                                                PlainTransportOptions plain) {
  if (auto checked = CheckPlain(); !checked) return std::unexpected(checked.error());
  const auto router = FindOrAddRouter(options.router_id);
  if (!router) return std::unexpected(router.error());
  auto transport = (*router)->AddPlainTransport(now, std::move(options), plain, context_);
  if (!transport) return transport;
  ++transports_;
  plain_sockets_[plain.rtp.number] = *transport;
  if (plain.rtcp) plain_sockets_[plain.rtcp->number] = *transport;
  Touch(**transport);
  return transport;
}

Result<void> Worker::ConnectPlainTransport(Timestamp now, Transport& transport,
                                           const PlainRemote& remote) {
  rtc::SessionOutput output(context_.sink);
  auto connected = transport.ConnectPlain(remote, output);
  if (output.has_events()) HandleSessionEvents(now, transport, output);
  Touch(transport);
  return connected;
}

const rtc::IceCredentials& Worker::RestartIce(Transport& transport) {
  rtc::SessionOutput output(context_.sink);
  transport.session().RestartIce(rtc::IceCredentials::Random(context_.random), output);
  RegisterUfrags(transport);
  return transport.session().ice().local_credentials();
}

ClosedEntities Worker::CloseTransport(Transport& transport) {
  context_.counters.CountEnd(TransportEnd::kClosed);
  return End(transport);
}

ClosedEntities Worker::End(Transport& transport) {
  rtc::SessionOutput output(context_.sink);
  transport.session().Close(output);
  Forget(transport);
  const auto router = routers_.find(transport.router_id());
  return router->second->RemoveTransport(transport);
}

void Worker::CloseRouter(Router& router) {
  while (!router.transports().empty()) {
    (void)CloseTransport(*router.transports().begin()->second);
  }
  routers_.erase(std::string(router.id()));
}

void Worker::PathClosed(const rtc::Path& path) {
  Transport* transport = paths_.Find(path);
  if (transport == nullptr) return;
  paths_.Remove(path);
  if (transport->paths_registered > 0) --transport->paths_registered;
  rtc::SessionOutput output(context_.sink);
  transport->session().ForgetLocalSocket(path.local, output);
  if (output.Has(rtc::SessionEvent::kPathChanged)) NotePathChanged(*transport);
  Touch(*transport);
}

bool Worker::IsValidated(const rtc::Path& path) const {
  const Transport* transport = paths_.Find(path);
  return transport != nullptr && transport->session().ice().IsValidated(path);
}

void Worker::Touch(const Transport& transport) {
  next_timeout_ = std::min(next_timeout_, transport.NextTimeout());
}

void Worker::RegisterUfrags(Transport& transport) {
  std::erase_if(ufrags_, [&transport](const auto& entry) { return entry.second == &transport; });
  for (const std::string_view ufrag : transport.session().ice().ufrags()) {
    ufrags_[std::string(ufrag)] = &transport;
  }
}

void Worker::RegisterPath(Transport& transport, const rtc::Path& path) {
  if (++transport.paths_registered > kMaxPathsPerTransport) {
    paths_.RemoveAll(transport);
    transport.paths_registered = 1;
    if (const auto& selected = transport.session().ice().selected()) {
      paths_.Set(*selected, transport);
    }
  }
  paths_.Set(path, transport);
}

void Worker::Forget(Transport& transport) {
  --transports_;
  transport.DropEarly();
  counters_.closed_sessions += transport.session().counters();
  std::erase_if(ufrags_, [&transport](const auto& entry) { return entry.second == &transport; });
  std::erase_if(failed_, [&transport](const Failed& f) { return f.transport == &transport; });
  paths_.RemoveAll(transport);
  if (!transport.is_plain()) return;
  for (const auto& [socket, owner] : plain_sockets_) {
    if (owner == &transport) closed_sockets_.push_back(socket);
  }
  std::erase_if(plain_sockets_, [&](const auto& entry) { return entry.second == &transport; });
}

}  // namespace confab::sfu
