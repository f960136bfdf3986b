# ./dev package: the Debian package, from the release build and the pages.
# shellcheck shell=bash disable=SC2154  # root is set by ./dev

dev_package() {
  local folder=${1:-$root/build/package}
  need base build package
  compile release confab || exit 1
  build_web || exit 1
  loud_stage 'package' tools/package.sh build/release/src/app/confab web/out "$folder" || exit 1
  say "install it with: apt-get install $folder/confab.deb"
}
