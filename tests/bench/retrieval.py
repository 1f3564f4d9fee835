"""A thousand tables in PostgreSQL: what retrieval finds, how long it takes, and what the prompt grows to."""

import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from assistant.preparation import prepare
from assistant.workspace import Workspace
from graph.context import Context
from graph.models.base import Generation, Prompt
from graph.prompts import about_tokens, chat_prompt
from knowledge.retrieve import MOST_CARDS
from tests.bench.row import Row, of_series
from tests.bench.warehouse import Question, questions, warehouse
from tests.servers.postgres import postgres

TITLE = "Retrieval from big schemas"
SIZES = (100, 1000)
_MOST = 0.040
_CHANGED = 0.01
_NOTE = (
    "200 questions over plain tables, joins of two and look-alikes (regional copies, archives, staging); one "
    "counts where every table that it needs is among those found. No glossary, no examples."
)


class NoModel:
    """Stands for a chat model whose prompt is written and never read."""

    name, format = "none", "chat"

    def generate(self, prompt: Prompt, candidates: int = 1, max_tokens: int = 256, constraint: object = None):  # type: ignore[no-untyped-def]
        return Generation(())


def measure(_: Path) -> list[Row]:
    rows: list[Row] = []
    for size in SIZES:
        with postgres() as server, tempfile.TemporaryDirectory() as place:
            rows += _measured(size, server.url, Path(place), changes=size == max(SIZES))
    return [*rows[:-1], replace(rows[-1], note=_NOTE)]


def load(url: str, statements: Sequence[str]) -> None:
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        for start in range(0, len(statements), 200):
            connection.exec_driver_sql(";\n".join(statements[start : start + 200]))
    engine.dispose()


def make_workspace(folder: Path, url: str) -> Workspace:
    (folder / "quarry.toml").write_text(f'database = "{url}"\nmodel = "openai:none"\n', encoding="utf-8")
    (folder / "knowledge").mkdir(exist_ok=True)
    return Workspace.open(folder)


def recall(workspace: Workspace, asked: Sequence[Question], most: int) -> float:
    """The share of the questions whose tables are all among the first `most`."""
    return statistics.mean(set(one.tables) <= set(_found(workspace, one.text)[:most]) for one in asked)


def _found(workspace: Workspace, question: str) -> list[str]:
    return [card.table for card, _ in workspace.retriever.retrieve(question).cards]


def _measured(size: int, url: str, folder: Path, *, changes: bool) -> list[Row]:
    made = warehouse(size)
    asked = questions(made)
    load(url, made.statements)
    begun = time.perf_counter()
    with make_workspace(folder, url) as workspace:
        prepare(workspace, lambda doing: None)
        indexed = time.perf_counter() - begun
        tables = f"{len(made.tables):,} tables"
        seconds = [_timed(workspace, one.text) for one in asked]
        prompts = [_tokens(workspace, one.text) for one in asked]
        rows = [Row(f"indexing {tables} of 20 columns", indexed)]
        for most in (1, 3, MOST_CARDS):
            what = f"all tables needed among the first {most}, {tables}"
            rows.append(Row(what, 100 * recall(workspace, asked, most), "%"))
        rows += [
            of_series(f"retrieval, {tables}", seconds, goal=_MOST if changes else None),
            of_series(f"prompt, {tables}", prompts, "tokens"),
        ]
    if changes:
        rows.append(Row(f"indexing again after 1% of {tables} changed", _again(url, folder, made.tables)))
    return rows


def _timed(workspace: Workspace, question: str) -> float:
    begun = time.perf_counter()
    workspace.retriever.retrieve(question)
    return time.perf_counter() - begun


def _tokens(workspace: Workspace, question: str) -> float:
    context = Context(
        database=workspace.database,
        schema=workspace.schema,
        model=NoModel(),
        retriever=workspace.retriever,
        clock=workspace.clock,
        cards=workspace.cards,
    )
    prompt = chat_prompt(context, workspace.retriever.retrieve(question))
    return float(about_tokens(prompt.head) + about_tokens(prompt.tail))


def _again(url: str, folder: Path, tables: Sequence[str]) -> float:
    count = max(1, round(_CHANGED * len(tables)))
    load(url, [f"ALTER TABLE {table} ADD COLUMN chg_rsn_txt varchar(40)" for table in tables[:count]])
    begun = time.perf_counter()
    with make_workspace(folder, url) as workspace:
        workspace.follow_schema()
        return time.perf_counter() - begun
