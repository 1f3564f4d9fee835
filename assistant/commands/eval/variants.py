"""`quarry eval variants`: databases of the same schema on which wrong SQL gives itself away."""

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.commands.eval.options import SuitesArgument
from assistant.commands.options import JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from assistant.workspace import Workspace
    from evals.suite.case import Case
    from evals.variants.catch import Catch, Told

EXAMPLES = 3


def variants(
    suites: SuitesArgument = None,
    count: Annotated[int, typer.Option(min=1, max=9, help="How many to make.")] = 2,
    seed: Annotated[int, typer.Option(help="Another seed deals out other rows.")] = 0,
    into: Annotated[
        str,
        typer.Option(
            help="The server that takes the variants of a PostgreSQL database, as postgresql://user@host.",
            show_default=False,
        ),
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Make none; look at what those that are there catch.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Show some wrong neighbours that no database tells apart.")
    ] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Make variants of the database and tell how many wrong neighbours of the suites' golds they catch.

    They have the same schema and other rows: duplicates, NULLs, ties, boundary values, orphans. `quarry eval
    run --variants 2` then calls an answer right only where it is right on all of them.
    """
    from assistant.workspace import Workspace
    from evals.suite.case import load_suites
    from evals.suite.find import find_suites
    from evals.variants.catch import catch
    from knowledge.errors import SettingsError

    with Workspace.open(workspace) as opened, ExitStack() as stack:
        cases = load_suites(find_suites(suites or (), opened.folder / "evals"))
        urls = opened.variants if check else _made(opened, cases, count, seed, into)
        if not urls:
            raise SettingsError(
                "This database, as it is now, has no variants; run quarry eval variants without --check."
            )
        databases = [opened.open_other(url) for url in urls]
        for database in databases:
            stack.callback(database.close)
        told = catch(cases, opened.database, databases, opened.check_context, progress=_progress())
        _tell(told, [database.url for database in databases], as_json, show)


def _made(
    workspace: "Workspace", cases: "tuple[Case, ...]", count: int, seed: int, into: str
) -> tuple[str, ...]:
    from assistant.preparation import data_fingerprint
    from evals.variants.looking import gold_queries
    from evals.variants.make import FILES, make_variants

    database = workspace.database
    url = database.url if database.dialect in FILES else workspace.settings.database
    return make_variants(
        url,
        workspace.schema,
        workspace.state / "variants",
        count=count,
        seed=seed,
        progress=lambda words: print(f"{words[:1].upper()}{words[1:]} ...", file=sys.stderr),
        golds=gold_queries(cases, workspace.check_context),
        into=into,
        named=data_fingerprint(workspace, servers=True),
    )


def _progress() -> Any:
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r\033[KNeighbours of {done} of {total} golds", end=end, file=sys.stderr, flush=True)

    return show


def _tell(told: "Catch", urls: list[str], as_json: bool, show: bool) -> None:
    if as_json:
        from assistant.render.machine import dumps

        print(dumps(_json(told, urls)))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=True)
    console.print(
        "Wrong neighbours of the golds: the share that the database catches alone, and with its variants",
        style="bold",
    )
    table = Table(box=SIMPLE_HEAD)
    table.add_column("edit", no_wrap=True)
    with_variants = [f"+ {number}" for number in range(1, told.databases)]
    for head in ("made", "alone", *with_variants, "not told apart"):
        table.add_column(head, justify="right")
    for kind in told.kinds:
        table.add_row(kind, *_figures(told, kind))
    table.add_section()
    table.add_row("all", *_figures(told))
    console.print(table)
    for number, url in enumerate(urls, start=1):
        console.print(
            f"Variant {number}, {told.speaking(number)} of {told.golds} golds judged: {url}", highlight=False
        )
    for fault in told.faults:
        where = f"variant {fault.database}" if fault.database else "the database itself"
        console.print(f"  {fault.case} on {where}: {fault.why}", style="dim")
    for kind in told.kinds if show else ():
        for one in told.not_told_apart(kind)[:EXAMPLES]:
            console.print(f"\n{one.case}, {kind}:", style="bold")
            console.print(
                f"  gold  {one.mutant.gold}\n  same  {one.mutant.sql}", highlight=False, markup=False
            )


def _figures(told: "Catch", kind: str = "") -> list[str]:
    count = told.count(kind)
    caught = [told.caught(number, kind) for number in range(1, told.databases + 1)]
    return [str(count), *(_share(n, count) for n in caught), str(len(told.not_told_apart(kind)))]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"


def _json(told: "Catch", urls: list[str]) -> dict[str, Any]:
    def caught(kind: str) -> list[int]:
        return [told.caught(number, kind) for number in range(1, told.databases + 1)]

    def one(each: "Told") -> dict[str, str]:
        return {
            "case": each.case,
            "kind": each.mutant.kind,
            "gold": each.mutant.gold,
            "neighbour": each.mutant.sql,
        }

    return {
        "variants": urls,
        "golds": told.golds,
        "judged": [told.speaking(number) for number in range(told.databases)],
        "neighbours": told.count(),
        "caught": caught(""),
        "kinds": {kind: {"neighbours": told.count(kind), "caught": caught(kind)} for kind in told.kinds},
        "faults": [{"case": f.case, "database": f.database, "why": f.why} for f in told.faults],
        "not_told_apart": [one(each) for each in told.not_told_apart()],
    }
