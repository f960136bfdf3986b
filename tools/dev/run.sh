# ./dev run: build, then become `confab serve`, which checks itself and prints the URL.

dev_run() {
  need base build
  compile release confab || exit 1
  build_web || exit 1
  # exec: the terminal's Ctrl-C and a service manager's SIGTERM reach the program itself.
  exec build/release/src/app/confab serve --web-dir web/out "$@"
}
