"""Variants that are files: how they are named, found and removed."""

import re
from pathlib import Path

UNFINISHED = ".part"
_REST = rf"({re.escape(UNFINISHED)})?(\.wal|-journal|-wal|-shm)?"


def found(folder: Path, fingerprint: str, suffix: str) -> tuple[Path, ...]:
    """The finished variants of a database, in order."""
    named = re.compile(rf".*-{re.escape(fingerprint)}-(\d+){re.escape(suffix)}")
    matched = ((named.fullmatch(path.name), path) for path in folder.glob(f"*{suffix}"))
    return tuple(path for _, path in sorted((int(match[1]), path) for match, path in matched if match))


def listed(folder: Path, stem: str, suffix: str) -> tuple[Path, ...]:
    """The finished and unfinished variants of a database, whatever its fingerprint was."""
    whole = rf"{re.escape(stem)}-[0-9a-f]{{16}}-\d+{re.escape(suffix)}{_REST}"
    part = rf"copy-{re.escape(stem)}{re.escape(suffix)}{_REST}"
    named = re.compile(f"{whole}|{part}")
    return tuple(sorted(path for path in folder.glob("*") if named.fullmatch(path.name)))


def remove(folder: Path, stem: str, suffix: str) -> None:
    """Remove them."""
    for path in listed(folder, stem, suffix):
        path.unlink(missing_ok=True)


def unfinished(path: Path) -> Path:
    """Where a file is written until it is whole."""
    return path.with_name(path.name + UNFINISHED)
