#!/usr/bin/env python3
"""clang-tidy over the sources that have changed since they passed.

tools/tidy.py [--jobs N] [FILE…]   after `ninja -C build/clang`; without FILE all of src/

What a file's result depends on is known from the compiler (its own headers) and hashed with the
checks and the command; a file whose hash has passed is not looked at again. Status 1 on a finding.
"""
import argparse
import concurrent.futures
import hashlib
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/clang"
PASSED = ROOT / "build/tidy"
TIDY = "clang-tidy-19"


def run(*command):
    return subprocess.run(command, cwd=BUILD, capture_output=True, text=True, check=True).stdout


def commands():
    """File -> its entry in the compilation database."""
    entries = json.loads((BUILD / "compile_commands.json").read_text())
    return {pathlib.Path(entry["file"]): entry for entry in entries}


def dependencies():
    """Object -> the files it was made from, as ninja keeps them."""
    deps, current = {}, None
    for line in run("ninja", "-t", "deps").splitlines():
        if line and not line.startswith(" "):
            current = deps.setdefault(line.split(":")[0], [])
        elif line.strip() and current is not None:
            current.append((BUILD / line.strip()).resolve())
    return deps


class Hashes:
    """Of files, each read once. What the system brings counts by name: it changes with packages."""

    def __init__(self):
        self.known = {}

    def of(self, path):
        if path not in self.known:
            inside = path.is_relative_to(ROOT) and path.suffix != ".pch"
            content = path.read_bytes() if inside and path.exists() else b""
            self.known[path] = hashlib.sha256(content).hexdigest()
        return self.known[path]


def key(entry, deps, hashes, versions):
    digest = hashlib.sha256(versions)
    digest.update(entry["command"].encode())
    output = re.search(r" -o (\S+)", entry["command"])
    for path in [pathlib.Path(entry["file"]), *sorted(deps.get(output[1], []) if output else [])]:
        digest.update(f"{path}:{hashes.of(path)}\n".encode())
    return digest.hexdigest()


def look(path):
    command = [TIDY, "-p", str(BUILD), "--quiet", str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()

    known, deps, hashes = commands(), dependencies(), Hashes()
    versions = subprocess.check_output([TIDY, "--version"]) + (ROOT / ".clang-tidy").read_bytes()
    wanted = [ROOT / name for name in options.files]
    sources = [p for p in wanted or sorted(known) if p in known and p.is_relative_to(ROOT / "src")]
    PASSED.mkdir(parents=True, exist_ok=True)
    keys = {path: key(known[path], deps, hashes, versions) for path in sources}
    todo = [path for path in sources if not (PASSED / keys[path]).exists()]
    print(f"{len(sources)} files, {len(todo)} of them to be looked at", flush=True)

    found = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        futures = {pool.submit(look, path): path for path in todo}
        for count, future in enumerate(concurrent.futures.as_completed(futures), 1):
            path, result = futures[future], future.result()
            name = path.relative_to(ROOT)
            if result.returncode == 0:
                (PASSED / keys[path]).touch()
                print(f"[{count}/{len(todo)}] {name}", flush=True)
            else:
                found += 1
                print(f"[{count}/{len(todo)}] {name}\n{result.stdout}{result.stderr}", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
