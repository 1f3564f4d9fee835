"""YAML files of a workspace, read so that every problem can be told with its file and its line."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from knowledge.errors import SettingsError
from knowledge.names import hint

SHOWN_PROBLEMS = 5

Kind = Literal["mapping", "list", "scalar", "null"]


@dataclass(frozen=True)
class Node:
    """One value of a YAML file. `text` is a scalar as it was written, so that `no` and `on` stay words."""

    line: int
    kind: Kind
    text: str = ""
    plain: Any = None
    items: tuple["Node", ...] = ()
    entries: dict[str, "Node"] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)


class Problems:
    """The problems of one file, told together."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._found: list[tuple[int, str]] = []

    def add(self, line: int, message: str) -> None:
        if (line, message) not in self._found:
            self._found.append((line, message))

    def aside(self, check: Callable[[], None]) -> list[tuple[int, str]]:
        """What a check finds beyond what is known, taken out again."""
        known = list(self._found)
        check()
        found, self._found = self._found[len(known) :], known
        return found

    def raise_if_any(self) -> None:
        """Raise one SettingsError that tells up to five problems in the order of the file."""
        if not self._found:
            return
        found = sorted(self._found)
        name = shown_path(self.path)
        if len(found) == 1:
            line, message = found[0]
            raise SettingsError(f"{name}, line {line}: {message}{'' if message.endswith('?') else '.'}")
        shown = "".join(f"\n  line {line}: {message}" for line, message in found[:SHOWN_PROBLEMS])
        more = f"\n  and {len(found) - SHOWN_PROBLEMS} more" if len(found) > SHOWN_PROBLEMS else ""
        raise SettingsError(f"{name} has {len(found)} problems; correct these lines:{shown}{more}")


def load_yaml(path: Path) -> Node:
    """The root of the file, a null node where it is empty. Broken YAML raises SettingsError with its line."""
    problems = Problems(path)
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(f"{shown_path(path)} does not exist; create it or correct its path.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{shown_path(path)} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise SettingsError(
            f"{shown_path(path)} cannot be read ({error.strerror}); correct its permissions."
        ) from None
    try:
        root = yaml.compose(source, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or error.context or "broken YAML").strip()
        problems.add(mark.line + 1 if mark else 1, f"this is not valid YAML ({problem}); mend it there")
        problems.raise_if_any()
    except yaml.reader.ReaderError as error:
        before = source[: error.position] if isinstance(error.position, int) else ""
        problems.add(before.count("\n") + 1, "a character here is not allowed in YAML; remove it")
        problems.raise_if_any()
    if root is None:
        return Node(1, "null")
    node = _node(root, problems, set())
    problems.raise_if_any()
    return node


class Reader:
    """Reads the fields of a file's mappings with their types; problems are collected until `finish`."""

    def __init__(self, path: Path) -> None:
        self.problems = Problems(path)
        self._root = load_yaml(path) if path.exists() else Node(1, "null")

    @property
    def root(self) -> Node:
        """The file's top level."""
        return self._root

    def entries(self, key: str, beside: tuple[str, ...] = ()) -> list[Node]:
        """The mappings of the list under the top-level `key`; none when file or list are empty.

        `beside` names the other keys that the top level may have.
        """
        root = self._root
        if root.kind == "null":
            return []
        if root.kind != "mapping":
            self.problems.add(root.line, f"the file must start with `{key}:` and a list below it")
            return []
        self.known_keys(root, (*beside, key))
        listed = root.entries.get(key)
        if listed is None or listed.kind == "null":
            return []
        if listed.kind != "list":
            self.problems.add(listed.line, f"`{key}` must be a list; start each entry with `- `")
            return []
        found = []
        for item in listed.items:
            if item.kind == "mapping":
                found.append(item)
            else:
                self.problems.add(item.line, f"each entry of `{key}` must be a mapping of `name: value`")
        return found

    def known_keys(self, node: Node, known: tuple[str, ...]) -> None:
        for key, line in node.key_lines.items():
            if key not in known:
                remedy = hint(key, known) or f"use one of {', '.join(known)}"
                self.problems.add(line, f"unknown key `{key}`; {remedy}")

    def text(self, node: Node, key: str, *, required: bool = False) -> str:
        """A scalar as it was written, without the spaces around it; empty where it is absent."""
        value = node.entries.get(key)
        if value is None or value.kind == "null" or (value.kind == "scalar" and not value.text.strip()):
            if required:
                self.problems.add(value.line if value else node.line, f"`{key}` is missing; add it")
            return ""
        return self._scalar(value, f"`{key}`")

    def texts(self, node: Node, key: str) -> tuple[str, ...]:
        """A list of scalars; one scalar alone stands for a list of one."""
        value = node.entries.get(key)
        return () if value is None else self._scalars(value, f"`{key}`")

    def text_map(self, node: Node, key: str) -> dict[str, str]:
        return {
            name: self._scalar(value, f"`{name}` in `{key}`") for name, value in self._map(node, key).items()
        }

    def texts_map(self, node: Node, key: str) -> dict[str, tuple[str, ...]]:
        return {
            name: self._scalars(value, f"`{name}` in `{key}`") for name, value in self._map(node, key).items()
        }

    def flag(self, node: Node, key: str, default: bool = False) -> bool:
        value = node.entries.get(key)
        if value is None or value.kind == "null":
            return default
        if not isinstance(value.plain, bool):
            self.problems.add(value.line, f"`{key}` must be true or false")
            return default
        return value.plain

    def date(self, node: Node, key: str) -> dt.date | None:
        """A day written as 2025-11-14; None where it is absent."""
        written = self.text(node, key)
        if not written:
            return None
        try:
            day = dt.date.fromisoformat(written) if len(written) == len("2025-11-14") else None
        except ValueError:
            day = None
        if day is None:
            self.problems.add(self.line(node, key), f"`{key}` must be a day such as 2025-11-14")
        return day

    def once(self, node: Node, key: str, name: str, lines: dict[str, int]) -> None:
        """Tell of a name that an earlier entry has; `lines` remembers the names seen so far."""
        seen = " ".join(name.casefold().split())
        if first := lines.get(seen):
            self.problems.add(node.line, f"the {key} '{name}' stands on line {first} already; remove one")
        elif seen:
            lines[seen] = node.line

    def line(self, node: Node, key: str) -> int:
        """The line of the value under `key`, or of the mapping itself."""
        value = node.entries.get(key)
        return value.line if value else node.line

    def finish(self) -> None:
        self.problems.raise_if_any()

    def _map(self, node: Node, key: str) -> dict[str, Node]:
        value = node.entries.get(key)
        if value is None or value.kind == "null":
            return {}
        if value.kind != "mapping":
            self.problems.add(value.line, f"`{key}` must be a mapping of `name: value`")
            return {}
        return value.entries

    def _scalar(self, value: Node, what: str) -> str:
        if value.kind != "scalar":
            given = {"null": "empty", "list": "a list", "mapping": "a mapping"}[value.kind]
            self.problems.add(value.line, f"{what} must be text, but it is {given}; put one value in quotes")
            return ""
        return value.text.strip()

    def _scalars(self, value: Node, what: str) -> tuple[str, ...]:
        if value.kind == "null":
            return ()
        if value.kind == "mapping":
            self.problems.add(value.line, f"{what} must be a list of texts, but it is a mapping; use [a, b]")
            return ()
        items = value.items if value.kind == "list" else (value,)
        found = [self._scalar(item, f"each entry of {what}") for item in items]
        for item, text in zip(items, found, strict=True):
            if text and found.count(text) > 1:
                self.problems.add(item.line, f"{what} lists '{text}' twice; remove one")
        return tuple(text for text in found if text)


def shown_path(path: Path) -> str:
    """The path as a person would type it from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _node(raw: yaml.Node, problems: Problems, seen: set[int]) -> Node:
    line = raw.start_mark.line + 1
    if id(raw) in seen:
        problems.add(line, "YAML anchors (&name, *name) are not read here; write the value out")
        return Node(line, "null")
    seen.add(id(raw))
    if isinstance(raw, yaml.SequenceNode):
        items = tuple(_node(item, problems, seen) for item in raw.value)
        return Node(line, "list", items=items, plain=[item.plain for item in items])
    if isinstance(raw, yaml.MappingNode):
        return _mapping(raw, line, problems, seen)
    if raw.tag == "tag:yaml.org,2002:null":
        return Node(line, "null")
    try:
        plain = _CONSTRUCTOR.construct_document(raw)
    except (yaml.YAMLError, ValueError):
        problems.add(line, f"`{raw.value}` cannot be read as {raw.tag.rsplit(':', 1)[-1]}; put it in quotes")
        plain = raw.value
    return Node(line, "scalar", text=raw.value, plain=plain)


def _mapping(raw: yaml.MappingNode, line: int, problems: Problems, seen: set[int]) -> Node:
    entries: dict[str, Node] = {}
    key_lines: dict[str, int] = {}
    for key_node, value_node in raw.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            problems.add(key_line, "a key must be plain text; put it in quotes")
            continue
        key = key_node.value
        if key in entries:
            problems.add(key_line, f"`{key}` stands here twice (first on line {key_lines[key]}); remove one")
            continue
        entries[key] = _node(value_node, problems, seen)
        key_lines[key] = key_line
    plain = {key: node.plain for key, node in entries.items()}
    return Node(line, "mapping", plain=plain, entries=entries, key_lines=key_lines)


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTRUCTOR = yaml.constructor.SafeConstructor()
