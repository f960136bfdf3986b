# ./dev bench: programs that measure, in the optimised build.

# Without arguments everything; arguments go to the forwarding bench, which then runs alone.
dev_bench() {
  need base build
  compile release forward_bench rpc_bench confab || exit 1
  build/release/bench/forward_bench "$@"
  [ $# -eq 0 ] || return 0
  build/release/bench/rpc_bench
  need_node
  node bench/capacity/capacity.mjs
}
