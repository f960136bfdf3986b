#!/usr/bin/env python3
"""clang-tidy over the sources that have changed since they passed.

tools/tidy.py [--jobs N] [FILE…]   after `ninja -C build/clang`; without FILE all of src/

What a file's result depends on is known from the compiler (its own headers) and hashed with the
checks and the command; a file whose hash has passed is not looked at again. Status 1 on a finding.

Nearly all of the time goes into headers. So neighbours are looked at together, included into one
source; where they do not compile together (two helpers of one name), each half for itself. The
analyzer works in its shallow mode, because coroutines keep it busy without end otherwise, and leaves
out the tests: they run under sanitizers.
"""
import argparse
import concurrent.futures
import hashlib
import json
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/clang"
PASSED = ROOT / "build/tidy"
UNITS = PASSED / "units"
TIDY = "clang-tidy-19"
COMPILER = "clang++-19"
SHALLOW = ["-Xclang", "-analyzer-config", "-Xclang", "mode=shallow"]
LARGEST = 24  # files in one source; more would need more memory than a small machine has


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


def flags_of(entry):
    """The compiler's arguments without the source and the object."""
    words = shlex.split(entry["command"])[1:]
    taken = [i for i, word in enumerate(words) if word in ("-o", "-c")]
    dropped = {i for at in taken for i in (at, at + 1)}
    return tuple(word for i, word in enumerate(words) if i not in dropped)


def is_test(path):
    return path.stem.endswith("_test")


def batches(paths, known):
    """Neighbours with one command, tests apart, at most LARGEST together."""
    groups = {}
    for path in paths:
        groups.setdefault((is_test(path), flags_of(known[path])), []).append(path)
    for group in groups.values():
        for begin in range(0, len(group), LARGEST):
            yield group[begin : begin + LARGEST]


def unit_of(paths):
    """The source that includes them. The analyzer looks into what a file of this name includes."""
    text = "".join(f'#include "{path}"  // NOLINT(bugprone-suspicious-include)\n' for path in paths)
    UNITS.mkdir(parents=True, exist_ok=True)
    unit = UNITS / f"UnifiedSource-{hashlib.sha256(text.encode()).hexdigest()[:12]}.cc"
    unit.write_text(text)
    return unit


def compiles(unit, flags):
    command = [COMPILER, *flags, "-fsyntax-only", str(unit)]
    return subprocess.run(command, cwd=BUILD, capture_output=True, check=False).returncode == 0


def look(paths, known):
    """Yields (files, what clang-tidy said) for all of `paths`."""
    flags = flags_of(known[paths[0]])
    unit = paths[0] if len(paths) == 1 else unit_of(paths)
    if len(paths) > 1 and not compiles(unit, flags):
        half = len(paths) // 2
        return [*look(paths[:half], known), *look(paths[half:], known)]
    without = ["--checks=-clang-analyzer-*"] if is_test(paths[0]) else []
    command = [TIDY, "--quiet", *without, str(unit), "--", *flags, *SHALLOW]
    return [(paths, subprocess.run(command, cwd=BUILD, capture_output=True, text=True, check=False))]


def is_clean(result):
    """Whether it found nothing in our files. What the analyzer sees in a library is not ours to mend:
    in Asio's coroutines it loses the way."""
    if result.returncode == 0:
        return True
    places = re.findall(r"^(/\S+?):\d+:\d+: (?:error|warning): .*\[(.+)\]", result.stdout, re.M)
    return bool(places) and not any(
        pathlib.Path(path).is_relative_to(ROOT) or "clang-diagnostic-error" in checks
        for path, checks in places
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()

    known, deps, hashes = commands(), dependencies(), Hashes()
    rules = [ROOT / ".clang-tidy", pathlib.Path(__file__)]
    versions = subprocess.check_output([TIDY, "--version"]) + b"".join(r.read_bytes() for r in rules)
    wanted = [ROOT / name for name in options.files]
    sources = [p for p in wanted or sorted(known) if p in known and p.is_relative_to(ROOT / "src")]
    PASSED.mkdir(parents=True, exist_ok=True)
    keys = {path: key(known[path], deps, hashes, versions) for path in sources}
    todo = [path for path in sources if not (PASSED / keys[path]).exists()]
    print(f"{len(sources)} files, {len(todo)} of them to be looked at", flush=True)

    found = done = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        futures = [pool.submit(look, batch, known) for batch in batches(todo, known)]
        for future in concurrent.futures.as_completed(futures):
            for files, result in future.result():
                done += len(files)
                names = " ".join(str(path.relative_to(ROOT / "src")) for path in files)
                print(f"[{done}/{len(todo)}] {names}", flush=True)
                if is_clean(result):
                    for path in files:
                        (PASSED / keys[path]).touch()
                else:
                    found += 1
                    print(f"{result.stdout}{result.stderr}", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
