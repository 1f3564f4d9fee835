"""Mining for a workspace: the log against its schema, and what is accepted into its knowledge."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import QueryError, SettingsError
from knowledge.patterns import Logged, Patterns, Proposals, mine, propose, read_log
from knowledge.patterns.proposals import as_yaml
from knowledge.yaml_entries import append_entries

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
    added: dict[str, int] = {}
    for key, name in FILES.items():
        entries = list(as_yaml(found, key))
        if entries:
            path = workspace.folder / "knowledge" / f"{name}.yaml"
            append_entries(path, key, entries, "Proposed by `quarry mine`; look at them.")
            added[path.name] = len(entries)
    return added
