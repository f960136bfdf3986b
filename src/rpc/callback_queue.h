#pragma once

namespace confab::rpc {

// Keeps the queue and the threads of gRPC's callback API for the life of the process. gRPC shares
// them among all channels and servers of a process, makes them with the first and takes them down
// with the last; in 1.51 that end can release the queue twice. Also keeps gRPC's own log lines off
// stderr, which is ours. Every owner of a channel or server calls this first. Thread-safe; only the
// first call does anything.
void KeepCallbackQueue();

}  // namespace confab::rpc
