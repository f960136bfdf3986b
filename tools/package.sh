#!/usr/bin/env bash
# Makes the Debian package from what is built: the program, the pages, units, manual pages.
#
#   tools/package.sh PROGRAM PAGES FOLDER     FOLDER/confab_VERSION_ARCHITECTURE.deb and FOLDER/confab.deb
#
# ./dev package builds both before. Needs dpkg-dev and binutils, no debhelper and no root. Of the same
# sources and commit it makes the same octets (SOURCE_DATE_EPOCH says which moment is written down).
set -euo pipefail
umask 022
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
  printf 'package: %s\n' "$*" >&2
  exit 1
}

[ $# = 3 ] || fail 'give the program, the folder of the pages, and a folder to write to'
program=$(realpath "$1") pages=$(realpath "$2") folder=$(realpath -m "$3")
[ -x "$program" ] || fail "$1 is no program: build it with ./dev build"
[ -f "$pages/index.html" ] || fail "$2 holds no pages: build them with ./dev build"
cd "$root"
for tool in dpkg-deb dpkg-shlibdeps strip; do
  command -v $tool >/dev/null || fail "$tool is missing: apt-get install dpkg-dev binutils"
done

version=$(sed -nE 's/^project\(confab VERSION ([0-9.]+).*/\1/p' "$root/CMakeLists.txt")
architecture=$(dpkg --print-architecture)
moment=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || stat -c %Y "$root/CHANGELOG.md")}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/confab

# put MODE FROM TO: a file, with the folders that lead to it.
put() { install -D -m "$1" "$root/$2" "$tree/$3"; }

put_program() {
  install -D -m 755 "$program" "$tree/usr/bin/confab"
  strip --strip-unneeded --remove-section=.comment "$tree/usr/bin/confab"
  mkdir -p "$tree/usr/share/confab"
  cp -r "$pages" "$tree/usr/share/confab/web"
}

put_service() {
  put 644 deploy/systemd/confab-serve.service lib/systemd/system/confab-serve.service
  put 644 deploy/systemd/confab@.service lib/systemd/system/confab@.service
  put 644 deploy/systemd/sysctl.d/50-confab.conf usr/lib/sysctl.d/50-confab.conf
  put 644 deploy/systemd/sysusers.d/confab.conf usr/lib/sysusers.d/confab.conf
  put 644 deploy/systemd/tmpfiles.d/confab.conf usr/lib/tmpfiles.d/confab.conf
  put 644 deploy/debian/confab.toml etc/confab/confab.toml
}

# What stands around confab: templates, dashboards, rules.
put_deploy() {
  local name to=$tree/usr/share/confab/deploy
  put 755 deploy/render.sh usr/share/confab/deploy/render.sh
  put 755 deploy/compose/renew_token.sh usr/share/confab/deploy/compose/renew_token.sh
  for name in nginx coturn prometheus grafana; do
    [ ! -d "$root/deploy/$name" ] || cp -r "$root/deploy/$name" "$to/$name"
  done
}

put_documents() {
  local name to=$tree/usr/share/doc/confab
  mkdir -p "$to" "$tree/usr/share/man/man1" "$tree/usr/share/man/man5"
  for name in README.md docs/*.md; do put 644 "$name" "usr/share/doc/confab/${name##*/}"; done
  put 644 CHANGELOG.md usr/share/doc/confab/NEWS.md
  copyright >"$to/copyright"
  changelog | gzip -9n >"$to/changelog.gz"
  "$root/tools/manual.sh" program "$program" | gzip -9n >"$tree/usr/share/man/man1/confab.1.gz"
  "$root/tools/manual.sh" configuration "$program" | gzip -9n >"$tree/usr/share/man/man5/confab.toml.5.gz"
  put 644 deploy/debian/lintian-overrides usr/share/lintian/overrides/confab
}

# The licence as it stands in LICENSE, indented as the format wants it.
copyright() {
  local text years
  years=$(sed -nE 's/^Copyright \(c\) ([0-9, -]+).*/\1/p' "$root/LICENSE" | sed 's/ *$//')
  text=$(sed -n '/^Permission/,$p' "$root/LICENSE" | sed -E 's/^$/./; s/^/ /')
  awk -v text="$text" -v years="$years" '
    /^@LICENSE@$/ { print text; next } { sub(/@YEARS@/, years); print }' "$root/deploy/debian/copyright"
}

changelog() {
  printf 'confab (%s) unstable; urgency=medium\n\n  * What is new stands in NEWS.md.\n\n' "$version"
  printf ' -- confab <confab@localhost>  %s\n' "$(LC_ALL=C date -u -R -d "@$moment")"
}

# The packages whose libraries the program is linked to, in the versions that have its symbols.
dependencies() {
  mkdir -p "$work/shlibs/debian"
  printf 'Source: confab\n\nPackage: confab\nArchitecture: any\n' >"$work/shlibs/debian/control"
  (cd "$work/shlibs" && dpkg-shlibdeps -O "$tree/usr/bin/confab" 2>"$work/shlibs/words") |
    sed 's/^shlibs:Depends=//' || fail "$(cat "$work/shlibs/words")"
}

put_control() {
  local depends size name
  depends=$(dependencies)
  [ -n "$depends" ] || fail 'dpkg-shlibdeps names no packages'
  size=$(du -k -s --apparent-size "$tree" | cut -f1)
  mkdir -p "$tree/DEBIAN"
  sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/" \
    -e "s/@DEPENDS@/$depends/" "$root/deploy/debian/control" >"$tree/DEBIAN/control"
  for name in postinst prerm postrm; do
    install -m 755 "$root/deploy/debian/$name" "$tree/DEBIAN/$name"
  done
  printf '/etc/confab/confab.toml\n' >"$tree/DEBIAN/conffiles"
  (cd "$tree" && find . -path ./DEBIAN -prune -o -type f ! -path ./etc/confab/confab.toml -printf '%P\0' |
    sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
  chmod 644 "$tree/DEBIAN/"{control,conffiles,md5sums}
}

put_program
put_service
put_deploy
put_documents
put_control
find "$tree" -type d -exec chmod 755 {} +
find "$tree" -newermt "@$moment" -exec touch -h -d "@$moment" {} +
mkdir -p "$folder"
SOURCE_DATE_EPOCH=$moment dpkg-deb --root-owner-group --build "$tree" \
  "$folder/confab_${version}_$architecture.deb" >/dev/null
cp "$folder/confab_${version}_$architecture.deb" "$folder/confab.deb"
printf 'package: %s\n' "$folder/confab_${version}_$architecture.deb"
