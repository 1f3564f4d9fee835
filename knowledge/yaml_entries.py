"""Entries of a workspace's YAML lists, added and taken out as text: what people wrote around them stays."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import SettingsError
from knowledge.files import write_atomically
from knowledge.yaml_file import shown_path

Entry = dict[str, Any]


def append_entries(path: Path, key: str, entries: Sequence[Mapping[str, Any]], comment: str = "") -> None:
    """Put entries behind the last one under `key`, below a comment. The file is made where it is missing."""
    if not entries:
        return
    text, held = _read(path, key)
    if not held:
        text = f"{key}:\n"
    written = yaml.safe_dump([dict(e) for e in entries], sort_keys=False, allow_unicode=True, width=100)
    indent = _indent(text)
    lines = "".join(f"{indent}{line}\n" if line else "\n" for line in written.splitlines())
    remark = f"\n{indent}# {comment}\n" if comment else ""
    write_atomically(path, f"{text.rstrip()}\n{remark}{lines}")


def entries_of(path: Path, key: str) -> list[Entry]:
    """The entries as they stand; none where the file does not exist."""
    return [entry for entry in _read(path, key)[1] if isinstance(entry, dict)]


def remove_entries(path: Path, key: str, leaves: Callable[[Entry], bool]) -> list[Entry]:
    """Take out the entries that are to leave, and give them back. Where none is left the file says so."""
    if not path.is_file():
        return []
    text, held = _read(path, key)
    leaving = [n for n, entry in enumerate(held) if isinstance(entry, dict) and leaves(entry)]
    if not leaving:
        return []
    lines = text.splitlines(keepends=True)
    spans = _spans(text, key, lines)
    kept = [line for n, line in enumerate(lines) if not any(n in spans[place] for place in leaving)]
    left = "".join(kept).rstrip() + "\n"
    write_atomically(path, left if len(leaving) < len(held) else f"{key}: []\n")
    return [held[place] for place in leaving]


def _read(path: Path, key: str) -> tuple[str, list[Any]]:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    try:
        held = yaml.safe_load(text) if text.strip() else None
    except yaml.YAMLError as error:
        raise SettingsError(
            f"{shown_path(path)} is not valid YAML ({str(error).splitlines()[0]}); mend it."
        ) from None
    if held is None:
        return text, []
    if not isinstance(held, dict) or list(held) != [key]:
        raise SettingsError(
            f"{path.name} has to hold `{key}:` alone for entries to be written; add them by hand."
        )
    return text, list(held[key] or [])


def _indent(text: str) -> str:
    """How far the entries of the list stand in."""
    first = next((line for line in text.splitlines() if line.lstrip().startswith("- ")), "  - ")
    return first[: len(first) - len(first.lstrip())]


def _spans(text: str, key: str, lines: Sequence[str]) -> list[range]:
    """The lines of each entry, with a comment that stands right above it."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    (nodes,) = (value.value for name, value in root.value if name.value == key)
    starts = [node.start_mark.line for node in nodes]
    ends = [*starts[1:], len(lines)]
    return [
        range(_with_comment(start, lines), _last(start, end, lines))
        for start, end in zip(starts, ends, strict=True)
    ]


def _with_comment(start: int, lines: Sequence[str]) -> int:
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start


def _last(start: int, end: int, lines: Sequence[str]) -> int:
    """The end without the blank lines and comments that belong to the next entry."""
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end
