#!/usr/bin/env python3
"""Breaks the source in small ways and shows that the tests notice.

tests/mutants/*.toml lists the breaks. Each is a text in one file, what stands there instead, and
the unit test that must turn red:

    [[mutant]]
    name = "replay-window-off"
    why = "a recorded packet could be played again"
    file = "src/rtc/srtp/replay_window.h"
    find = "…"         # stands in the file exactly once
    replace = "…"
    module = "rtc"     # whose tests are built and run
    test = "ReplayWindow.TakesEachIndexOnce"

What no unit test can see, such as a configuration of deploy/, names a suite of tests/ instead:

    suite = "nginx"    # tests/nginx; the whole program is built where the file belongs to it
    test = "no upgrade but to WebSocket"

mutants.py check          are all texts and tests still there? (part of ./dev lint)
mutants.py run [NAME…]    builds and tests each, in a copy of the sources below build/mutants
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
TREE = ROOT / "build/mutants/tree"
BUILD = TREE / "build/asan"
TEST_LIMIT_SECONDS = 120
FOLDERS = ("src/", "cmake/", "proto/", "fuzz/", "bench/", "deploy/", "docs/", "tests/")
# What else is copied, by how its name begins.
FILES = ("CMake", "compose.yaml", "Dockerfile", ".dockerignore", "tools/", "web/package.json", "web/server/")
# What a suite runs; what is not here runs the program itself.
SUITE_PROGRAMS = {"signaling": "signaling_test_server"}


def read_mutants():
    mutants = []
    for path in sorted((ROOT / "tests/mutants").glob("*.toml")):
        mutants += tomllib.loads(path.read_text())["mutant"]
    return mutants


def output_of(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def tests_in_sources():
    """Every test of the repository, as GoogleTest names it."""
    found = set()
    for path in (ROOT / "src").rglob("*_test.cc"):
        for suite, name in re.findall(r"^TEST(?:_[FP])?\((\w+),\s*(\w+)\)", path.read_text(), re.M):
            found.add(f"{suite}.{name}")
    return found


def suite_file(mutant, root):
    """The test file of the mutant's suite in which its test stands, or None."""
    for path in sorted((root / "tests" / mutant["suite"]).glob("*.test.mjs")):
        if f'"{mutant["test"]}"' in path.read_text():
            return path
    return None


def fault(mutant, tests):
    """What is wrong with the mutant's own text, or None."""
    place = "suite" if "suite" in mutant else "module"
    missing = {"name", "why", "file", "find", "replace", place, "test"} - mutant.keys()
    if missing:
        return f"lacks {', '.join(sorted(missing))}"
    path = ROOT / mutant["file"]
    if not path.is_file():
        return f"{mutant['file']} does not exist"
    count = path.read_text().count(mutant["find"])
    if count != 1:
        return f"its text stands {count} times in {mutant['file']}"
    if "suite" in mutant:
        return None if suite_file(mutant, ROOT) else f"no test in tests/{mutant['suite']} is so called"
    if mutant["test"].strip("*/") not in tests:
        return f"there is no test {mutant['test']}"
    return None


def check(mutants):
    tests = tests_in_sources()
    names = [mutant.get("name", "?") for mutant in mutants]
    faults = [f"{name}: listed twice" for name in sorted({n for n in names if names.count(n) > 1})]
    for mutant in mutants:
        if wrong := fault(mutant, tests):
            faults.append(f"{mutant.get('name', '?')}: {wrong}")
    print("\n".join(faults) if faults else f"{len(mutants)} mutants fit the sources")
    return 1 if faults else 0


def copy_sources():
    """Copies what differs, so that a second run compiles only that."""
    listed = output_of("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).stdout.splitlines()
    wanted = [name for name in listed if name.startswith((*FOLDERS, *FILES))]
    for name in wanted:
        source, target = ROOT / name, TREE / name
        if not source.is_file():
            continue
        if target.is_file() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    # What was renamed or removed since would still be compiled.
    for target in [path for folder in FOLDERS for path in (TREE / folder).rglob("*")]:
        if target.is_file() and not (ROOT / target.relative_to(TREE)).is_file():
            target.unlink()
    for packages in ROOT.glob("tests/*/node_modules"):
        link = TREE / packages.relative_to(ROOT)
        if link.parent.is_dir() and not link.exists():
            link.symlink_to(packages)


def target_of(mutant):
    if "suite" in mutant:
        return SUITE_PROGRAMS.get(mutant["suite"], "confab")
    return f"{mutant['module']}_test"


def build(target):
    return output_of("ninja", "-C", str(BUILD), target)


def run_suite_test(mutant):
    """One test of a suite, against the program in the copy. Status 0: it passed."""
    pattern = f"^{re.escape(mutant['test'])}$"
    command = ["node", "--test", f"--test-name-pattern={pattern}", str(suite_file(mutant, TREE))]
    network = TREE / "tests" / mutant["suite"] / "support/in_network.mjs"
    if network.is_file():
        command.insert(0, str(network))
    environment = os.environ | {
        "CONFAB_BUILD": str(BUILD),
        "CONFAB_BINARY": str(BUILD / "src/app/confab"),
        "CONFAB_WEB_DIR": str(ROOT / "web/out"),
        "CONFAB_SIGNALING_TEST_SERVER":
            str(BUILD / "src/services/signaling/testing/signaling_test_server"),
    }
    return output_of(*command, cwd=TREE, env=environment, timeout=TEST_LIMIT_SECONDS)


def was_skipped(mutant, result):
    """Such as what needs network namespaces, which root alone can make."""
    return ("suite" in mutant and result.returncode == 0
            and not re.search(r"^# pass [1-9]", result.stdout, re.M))


def run_test(mutant):
    try:
        return run_suite_test(mutant) if "suite" in mutant else run_unit_test(mutant)
    except subprocess.TimeoutExpired as late:
        return subprocess.CompletedProcess(late.cmd, 1, str(late.stdout or ""), "does not end")


def run_unit_test(mutant):
    programs = list(BUILD.glob(f"src/**/{mutant['module']}_test"))
    command = (str(programs[0]), f"--gtest_filter={mutant['test']}", "--gtest_brief=1")
    return output_of(*command, cwd=ROOT, timeout=TEST_LIMIT_SECONDS)


def prepare(mutants):
    """Everything unbroken: builds it and sees that the named tests pass. Says what fails, and takes
    out of the list what cannot be tried on this machine."""
    copy_sources()
    if not (BUILD / "build.ninja").is_file():
        configured = output_of("cmake", "--preset", "asan", cwd=TREE)
        if configured.returncode:
            return configured.stdout + configured.stderr
    for target in sorted({target_of(mutant) for mutant in mutants}):
        print(f"building {target} …", flush=True)
        built = build(target)
        if built.returncode:
            return built.stdout
    for mutant in list(mutants):
        result = run_test(mutant)
        if was_skipped(mutant, result):
            print(f"{mutant['name']}: its test is skipped on this machine, so it is not tried")
            mutants.remove(mutant)
        elif result.returncode or "[  PASSED  ] 0 tests" in result.stdout:
            return f"{mutant['test']} does not pass before anything is broken:\n{result.stdout}"
    return None


def outcome(mutant):
    """What became of one mutant: "caught", or what went wrong."""
    path = TREE / mutant["file"]
    whole = path.read_text()
    path.write_text(whole.replace(mutant["find"], mutant["replace"]))
    try:
        built = build(target_of(mutant))
        if built.returncode:
            return "does not compile:\n" + "\n".join(
                line for line in built.stdout.splitlines() if "error" in line)
        return "caught" if run_test(mutant).returncode else "SURVIVED"
    finally:
        path.write_text(whole)


def run(mutants):
    if failure := prepare(mutants):
        print(failure)
        return 1
    width = max(len(mutant["name"]) for mutant in mutants)
    escaped = 0
    for number, mutant in enumerate(mutants, 1):
        begin = time.monotonic()
        became = outcome(mutant)
        escaped += became != "caught"
        print(f"{number:3}/{len(mutants)}  {mutant['name']:{width}}  {became}"
              f"  by {mutant['test']}  ({time.monotonic() - begin:.0f} s)", flush=True)
    print(f"{len(mutants) - escaped} caught, {escaped} not")
    return 1 if escaped else 0


def main():
    command, *names = sys.argv[1:] or ["help"]
    mutants = read_mutants()
    unknown = set(names) - {mutant.get("name") for mutant in mutants}
    if command not in ("check", "run") or unknown:
        print(f"no mutant is called {', '.join(sorted(unknown))}" if unknown else __doc__)
        return 2
    if command == "check" or (status := check(mutants)):
        return check(mutants) if command == "check" else status
    return run([mutant for mutant in mutants if not names or mutant["name"] in names])


if __name__ == "__main__":
    sys.exit(main())
