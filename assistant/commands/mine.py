"""`quarry mine`: what the team's own queries tell."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.options import JsonOption, WorkspaceOption


def mine(
    logs: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Query logs: .sql, .csv, .json or .jsonl files, or a folder of models such as dbt's.",
            show_default=False,
        ),
    ] = None,
    from_database: Annotated[
        bool, typer.Option("--from-database", help="Read PostgreSQL's pg_stat_statements.")
    ] = False,
    dialect: Annotated[
        str, typer.Option(help="The log's SQL dialect, where it is not the database's.", show_default=False)
    ] = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="Write the proposals into rules.yaml and glossary.yaml.")
    ] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Learn from a query log: joins, usual filters, measures, and rules and terms to write down.

    What is found weighs the questions that `quarry train` makes up, and joins that no key declares are
    followed from the next `quarry index` on.
    """
    from rich.console import Console

    from assistant import mining
    from assistant.workspace import Workspace
    from knowledge.errors import SettingsError

    if not logs and not from_database:
        raise SettingsError("Name a query log, or take --from-database for PostgreSQL's own statistics.")
    _check_dialect(dialect)
    with Workspace.open(workspace) as opened:
        with Console(stderr=True).status("Reading the log ...") as status:
            patterns = mining.mined(
                opened,
                logs or [],
                dialect=dialect,
                from_database=from_database,
                progress=lambda read: status.update(f"Read {read:,} statements ..."),
            )
        found = mining.proposals(opened, patterns)
        added = mining.accept(opened, found) if accept else {}
        if as_json:
            from dataclasses import asdict

            from assistant.render.machine import dumps

            print(dumps({"patterns": patterns.to_json(), "proposals": asdict(found), "accepted": added}))
            return
        from assistant.render.mined import show

        show(Console(), patterns, found)
        if added:
            print(f"Wrote {', '.join(f'{n} to {name}' for name, n in added.items())}; look at them.")
        elif found.rules or found.terms:
            print("`quarry mine ... --accept` writes these proposals into rules.yaml and glossary.yaml.")


def _check_dialect(dialect: str) -> None:
    from knowledge.errors import SettingsError

    if dialect:
        from sqlglot.dialects.dialect import Dialect, Dialects

        if Dialect.get(dialect) is None:
            known = ", ".join(sorted(one.value for one in Dialects if one.value))
            raise SettingsError(f"There is no SQL dialect {dialect!r}; take one of {known}.")
