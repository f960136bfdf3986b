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

The break of a .cc file is one object: it is compiled beside the copy and linked before the library
that has the whole one, whose definitions of the same names are left out then. So nothing else is
built again, and several are tried at once. That the tests pass with the unbroken file so linked is
seen first. Where they do not, and where the break is not noticed, because the rest of the file's unit
(cmake/confab_module.cmake) may have its code inlined, it is tried as every other: in the copy.
"""

import concurrent.futures
import json
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
    choice = ["--test-reporter=tap", f"--test-name-pattern={pattern}"]
    command = ["node", "--test", *choice, str(suite_file(mutant, TREE))]
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


def line_of(mutant, result):
    """What the suite's report says of the mutant's test: the line and what follows it, or ""."""
    pattern = rf"^ *(?:not )?ok \d+ - {re.escape(mutant['test'])}(?: #.*)?$(?:\n(?! *(?:not )?ok ).*)*"
    found = re.search(pattern, result.stdout, re.M)
    return found.group().strip() if found else ""


def was_skipped(mutant, result):
    """Such as what needs network namespaces, which root alone can make."""
    return "suite" in mutant and "# SKIP" in line_of(mutant, result).partition("\n")[0]


def ran(mutant, result):
    if "suite" in mutant:
        return line_of(mutant, result) != ""
    return "[  PASSED  ] 0 tests" not in result.stdout


def caught(mutant, result):
    """Whether the test itself has turned red: a port in use or a server that does not start tells
    nothing of it."""
    if "suite" not in mutant:
        return result.returncode != 0
    line = line_of(mutant, result)
    return line.startswith("not ok") and "failureType: 'testCodeFailure'" in line


def run_test(mutant, program=None):
    """`program`: another than the one that was built for the module."""
    try:
        return run_suite_test(mutant) if "suite" in mutant else run_unit_test(mutant, program)
    except subprocess.TimeoutExpired as late:
        return subprocess.CompletedProcess(late.cmd, 1, str(late.stdout or ""), "does not end")


def program_of(module):
    return next(BUILD.glob(f"src/**/{module}_test"))


def run_unit_test(mutant, program):
    program_path = str(program or program_of(mutant["module"]))
    command = (program_path, f"--gtest_filter={mutant['test']}", "--gtest_brief=1")
    # What is linked aside has some globals twice.
    environment = os.environ | ({"ASAN_OPTIONS": "detect_odr_violation=0"} if program else {})
    return output_of(*command, cwd=ROOT, env=environment, timeout=TEST_LIMIT_SECONDS)


def prepare(mutants, pool):
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
    print("running their tests …", flush=True)
    together = {m["name"]: pool.submit(run_test, m) for m in mutants if "suite" not in m}
    for mutant in list(mutants):
        result = together[mutant["name"]].result() if "suite" not in mutant else run_test(mutant)
        if was_skipped(mutant, result):
            print(f"{mutant['name']}: its test is skipped on this machine, so it is not tried")
            mutants.remove(mutant)
        elif result.returncode or not ran(mutant, result):
            return f"{mutant['test']} does not pass before anything is broken:\n{result.stdout}"
    return None if mutants else "Nothing can be tried on this machine."


def broken(mutant):
    """The text of its file with the break in it."""
    return (TREE / mutant["file"]).read_text().replace(mutant["find"], mutant["replace"])


def unoptimised(command):
    """What runs once is not worth optimising; the tests' precompiled headers are not, either."""
    command = re.sub(r"/(confab_pch_(?:std|asio|rpc))\.dir/", r"/\1_test.dir/", command)
    return command.replace(" -O1 ", " -DGTEST_HAS_PTHREAD=1 ")


class Commands:
    """How ninja compiles and links in the copy, so that one object can be exchanged for another."""

    def __init__(self, mutants):
        entries = json.loads((BUILD / "compile_commands.json").read_text())
        self.compiling = {}  # a source's name below src/ -> the command of its unit
        for entry in entries:
            unit = pathlib.Path(entry["file"])
            if unit.is_relative_to(BUILD / "units"):
                for source in re.findall(r'#include "(.*)"', unit.read_text()):
                    self.compiling[source] = entry["command"]
        modules = {mutant["module"] for mutant in mutants if "suite" not in mutant}
        self.linking = {module: self.link_command(program_of(module)) for module in modules}

    @staticmethod
    def link_command(program):
        name = str(program.relative_to(BUILD))
        return output_of("ninja", "-C", str(BUILD), "-t", "commands", "-s", name).stdout.strip()

    def fit(self, mutant):
        """Whether one object is all that its break changes."""
        return "suite" not in mutant and mutant["file"].removeprefix("src/") in self.compiling

    def compile(self, name, source, made):
        """`source`, as the file of this name below src/ is compiled, but alone."""
        command = re.sub(r" -o \S+ -c \S+$", f" -o {made} -c {source}", self.compiling[name])
        return self.run(unoptimised(command))

    def link(self, module, made, program):
        """The object stands first: of two definitions of a name the first one counts."""
        first = f"-Wl,--allow-multiple-definition {made}"
        command = re.sub(r" (\S+\.o .*)-o \S+", rf" {first} \1-o {program}", self.linking[module], count=1)
        return self.run(command)

    @staticmethod
    def run(command):
        return output_of("sh", "-c", command, cwd=BUILD)


def errors_of(built):
    lines = (built.stdout + built.stderr).splitlines()
    return "does not compile:\n" + "\n".join(line for line in lines if "error" in line)


def program_aside(module, name, text, folder, commands):
    """The module's tests with this text in the place of the file; a failed build where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / pathlib.Path(name).name
    made, program = source.with_suffix(".o"), source.with_suffix("")
    source.write_text(text)
    failed = commands.compile(name.removeprefix("src/"), source, made)
    if failed.returncode == 0:
        failed = commands.link(module, made, program)
    return (program, None) if failed.returncode == 0 else (None, failed)


def outcomes_aside(group, commands):
    """[(mutant, what became of it, seconds)] of those in one file; None where the tree has to tell."""
    module, name = group[0]["module"], group[0]["file"]
    folder = BUILD / "aside" / f"{module}-{name.replace('/', '-')}"

    def outcome(mutant):
        program, failed = program_aside(module, name, broken(mutant), folder, commands)
        if failed:
            return errors_of(failed)
        return "caught" if caught(mutant, run_test(mutant, program)) else None

    try:
        whole, _ = program_aside(module, name, (TREE / name).read_text(), folder, commands)
        if not whole or any(run_test(mutant, whole).returncode for mutant in group):
            return [(mutant, None, 0) for mutant in group]
        return [(mutant, *timed(outcome, mutant)) for mutant in group]
    finally:
        shutil.rmtree(folder)


def outcome_in_tree(mutant):
    """The same with the file itself broken and what depends on it built again."""
    path = TREE / mutant["file"]
    whole = path.read_text()
    path.write_text(broken(mutant))
    try:
        built = build(target_of(mutant))
        if built.returncode:
            return errors_of(built)
        return "caught" if caught(mutant, run_test(mutant)) else "SURVIVED"
    finally:
        path.write_text(whole)


def timed(function, *arguments):
    begin = time.monotonic()
    return function(*arguments), time.monotonic() - begin


def outcomes(mutants, pool):
    """Yields (mutant, what became of it, seconds): several files at once where the break of one object
    is noticed, then one after the other what needs the tree."""
    commands = Commands(mutants)
    groups = {}
    in_tree = []
    for mutant in mutants:
        if commands.fit(mutant):
            groups.setdefault((mutant["module"], mutant["file"]), []).append(mutant)
        else:
            in_tree.append(mutant)
    aside = [pool.submit(outcomes_aside, group, commands) for group in groups.values()]
    for future in concurrent.futures.as_completed(aside):
        for mutant, became, seconds in future.result():
            if became is None:
                in_tree.append(mutant)
            else:
                yield mutant, became, seconds
    for mutant in in_tree:
        yield mutant, *timed(outcome_in_tree, mutant)


def run(mutants, pool):
    if failure := prepare(mutants, pool):
        print(failure)
        return 1
    width = max(len(mutant["name"]) for mutant in mutants)
    escaped = []
    for number, (mutant, became, seconds) in enumerate(outcomes(mutants, pool), 1):
        if became != "caught":
            escaped.append(mutant["name"])
        print(f"{number:3}/{len(mutants)}  {mutant['name']:{width}}  {became}"
              f"  by {mutant['test']}  ({seconds:.0f} s)", flush=True)
    print(f"{len(mutants) - len(escaped)} caught, {len(escaped)} not", *escaped)
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
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return run([mutant for mutant in mutants if not names or mutant["name"] in names], pool)


if __name__ == "__main__":
    sys.exit(main())
