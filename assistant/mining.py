"""Mining for a workspace: the log against its schema, and what is accepted into its knowledge."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from knowledge.errors import QueryError, SettingsError
from knowledge.files import write_atomically
from knowledge.patterns import Logged, Patterns, Proposals, mine, propose, read_log
from knowledge.patterns.proposals import as_yaml

if TYPE_CHECKING:
    from assistant.workspace import Workspace

FILES = {"rules": "rules", "terms": "glossary"}
STATEMENTS = "SELECT query, calls FROM pg_stat_statements"


def mined(
    workspace: "Workspace",
    logs: Sequence[Path],
    *,
    dialect: str = "",
    from_database: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Patterns:
    """The patterns of these logs together, kept for training. Raises SettingsError and DatabaseError."""
    if from_database and workspace.schema.dialect != "postgres":
        raise SettingsError(
            "--from-database reads PostgreSQL's pg_stat_statements; for another database name a log file."
        )
    entries: list[Iterable[Logged]] = [read_log(path) for path in logs]
    if from_database:
        entries.append(_statistics(workspace))
    statements = (entry for found in entries for entry in found)
    patterns = mine(statements, workspace.schema, dialect, progress)
    if not patterns.read:
        raise SettingsError("The log holds no statement; name a .sql, .csv or .jsonl file of queries.")
    patterns.save(workspace.patterns_path)
    return patterns


def _statistics(workspace: "Workspace") -> list[Logged]:
    """What PostgreSQL itself counted."""
    try:
        rows = workspace.database.run(STATEMENTS, max_rows=1_000_000, own=True).rows
    except QueryError as error:
        raise SettingsError(
            f"PostgreSQL keeps no pg_stat_statements that this account may read ({error}); ask its owner for "
            "CREATE EXTENSION pg_stat_statements and the role pg_read_all_stats, or name a log file."
        ) from error
    return [Logged(str(sql), int(calls)) for sql, calls in rows]


def proposals(workspace: "Workspace", patterns: Patterns) -> Proposals:
    return propose(patterns, workspace.schema, workspace.rules, workspace.glossary)


def accept(workspace: "Workspace", found: Proposals) -> dict[str, int]:
    """Append the proposals to rules.yaml and glossary.yaml: file's name -> entries. All or nothing a file."""
    return {
        f"{name}.yaml": added
        for key, name in FILES.items()
        if (added := _append(workspace.folder / "knowledge" / f"{name}.yaml", key, list(as_yaml(found, key))))
    }


def _append(path: Path, key: str, entries: list[dict[str, Any]]) -> int:
    """Behind what people wrote, whose comments and order stay."""
    if not entries:
        return 0
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    held = yaml.safe_load(text) if text.strip() else None
    if held is not None and list(held) != [key]:
        raise SettingsError(
            f"{path.name} has to hold `{key}:` alone for entries to be appended; add them by hand."
        )
    if held is None or not held[key]:
        text = f"{key}:\n"
    written = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=100)
    path.parent.mkdir(parents=True, exist_ok=True)
    indent = _indent(text)
    lines = "".join(f"{indent}{line}\n" if line else "\n" for line in written.splitlines())
    write_atomically(path, f"{text.rstrip()}\n\n{indent}# Proposed by `quarry mine`; look at them.\n{lines}")
    return len(entries)


def _indent(text: str) -> str:
    """How far the entries of the list stand in."""
    first = next((line for line in text.splitlines() if line.lstrip().startswith("- ")), "  - ")
    return first[: len(first) - len(first.lstrip())]
