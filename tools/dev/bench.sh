# ./dev bench: programs that measure, in the optimised build.

dev_bench() {
  need base build
  compile release forward_bench || exit 1
  exec build/release/bench/forward_bench "$@"
}
