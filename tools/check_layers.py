#!/usr/bin/env python3
"""Checks every #include in src/ against the layer table of docs/architecture.md.

The table there is the only truth: its first column names a module (or several), its second the
modules that these may include besides themselves. `backends/*` means each folder of backends,
"everything" lifts the limit, "–" is nothing. "proto" stands for generated headers (*.pb.h).
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE_HEAD = "| module | may include"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
# Folders whose children are the modules.
GROUPS = ("services", "backends")


def read_table():
    """Module or pattern -> the modules it may include (None: everything)."""
    rows = {}
    lines = iter((ROOT / "docs/architecture.md").read_text().splitlines())
    for line in lines:
        if line.startswith(TABLE_HEAD):
            break
    next(lines, None)  # the rule below the head
    for line in lines:
        if not line.startswith("|"):
            break
        names, allowed = (cell.strip() for cell in line.strip("|").split("|")[:2])
        allowed = re.sub(r"\s*\([^)]*\)", "", allowed).replace("`", "")
        may = None if allowed == "everything" else {
            word.strip() for word in allowed.split(",") if word.strip() not in ("", "–")}
        for name in names.replace("`", "").split(","):
            rows[name.strip()] = may
    return rows


def module_of(path):
    """The module of a path relative to src/, or None where it is not in one."""
    parts = path.split("/")
    if len(parts) < 2:
        return None
    if parts[0] in GROUPS:
        return "/".join(parts[:2]) if len(parts) > 2 else None
    return parts[0]


def matches(module, names):
    return any(name == module or (name.endswith("/*") and module.startswith(name[:-1]))
               for name in names)


def breach(rows, module, included):
    """Says what is wrong with an include, or None."""
    if included.endswith(".pb.h"):
        target = "proto"
    else:
        target = module_of(included)
        if target is None or not (ROOT / "src" / included).exists():
            return f'"{included}" is not a path from src/'
    if target == module:
        return None
    allowed = next(may for name, may in rows.items() if matches(module, (name,)))
    if allowed is None or matches(target, allowed):
        return None
    return f"{module} may not include {target} ({included})"


def main():
    rows = read_table()
    if not rows:
        print("docs/architecture.md: the layer table is missing")
        return 1
    breaches, includes = [], 0
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        relative = path.relative_to(ROOT / "src").as_posix()
        module = module_of(relative)
        if module is None or not any(matches(module, (name,)) for name in rows):
            breaches.append(f"src/{relative}: its module is not in the layer table")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            includes += 1
            wrong = breach(rows, module, found.group(1))
            if wrong:
                breaches.append(f"src/{relative}:{number}: {wrong}")
    print("\n".join(breaches) or f"layers: {includes} includes, none across a forbidden border")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
