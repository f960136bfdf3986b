#!/usr/bin/env python3
"""Adds up the suites that ./dev test ran: a table, then one line "N passed, N failed".

Argument: the file of suites, one line each: name, kind, seconds, exit status, path (tab-separated).
A suite that ran nothing, or that ended badly without naming a failed test, counts as one failure.
Exit status 1 on any failure.
"""

import dataclasses
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


@dataclasses.dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    names: list = dataclasses.field(default_factory=list)

    def fail(self, name):
        self.failed += 1
        self.names.append(name)

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.names += other.names


def count_junit(path):
    """Counts the test cases of a file in JUnit's form (GoogleTest writes nearly the same)."""
    counts = Counts()
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = ".".join(filter(None, (case.get("classname"), case.get("name"))))
        if case.find("failure") is not None or case.find("error") is not None:
            counts.fail(name)
        elif case.find("skipped") is not None or case.get("status") == "notrun":
            counts.skipped += 1
        else:
            counts.passed += 1
    return counts


def count_ctest(folder):
    """Every program that ctest ran, with the tests inside each."""
    counts = Counts()
    for case in ElementTree.parse(folder / "ctest.xml").getroot().iter("testcase"):
        program = case.get("name")
        inside = folder / "results" / f"{program}.xml"
        part = count_junit(inside) if inside.exists() else Counts()
        if case.get("status") != "run" and part.failed == 0:
            part.fail(f"{program} (crashed or timed out)")
        elif part.passed + part.failed == 0:
            part.fail(f"{program} (ran no tests)")
        counts.add(part)
    return counts


def count(kind, status, path):
    if kind == "check":
        return Counts(passed=1) if status == 0 else Counts(failed=1)
    try:
        counts = count_ctest(pathlib.Path(path)) if kind == "ctest" else count_junit(path)
    except (OSError, ElementTree.ParseError) as error:
        counts = Counts()
        counts.fail(f"no result: {error}")
        return counts
    if counts.passed + counts.failed == 0:
        counts.fail("ran no tests")
    elif status != 0 and counts.failed == 0:
        counts.fail(f"ended with status {status}")
    return counts


def main():
    total = Counts()
    print(f"\n{'suite':<34} {'seconds':>7} {'passed':>7} {'failed':>7} {'skipped':>7}")
    for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
        name, kind, seconds, status, path = line.split("\t")
        counts = count(kind, int(status), path)
        total.add(counts)
        print(f"{name:<34} {seconds:>7} {counts.passed:>7} {counts.failed:>7} {counts.skipped:>7}")
        for failed in counts.names:
            print(f"    failed: {failed}")
    if total.passed + total.failed == 0:
        total.fail("nothing ran")
    print(f"\n{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
