"""`python -m tests.geography WORK CORPUS`: specialise on GeoQuery's database and count on people's questions.

Without `--known` from schema and data alone; with it the other questions and their SQL are the team's
examples and query log. A gold counts with and without repeated rows: a river stands once for each state. A
gold that does not run is named and left out.
"""

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import sqlglot
import typer
import yaml

from knowledge.database import Database
from knowledge.errors import QueryError
from tests.bench.places import QUARRY

TODAY = "2025-11-14"
TOLD = {"test": ("train", "dev"), "dev": ("train",), "train": ("dev",)}
"""The splits that may be known where questions of another are asked."""


@dataclass(frozen=True)
class Asked:
    """A question of the corpus; its gold is as SQLite reads it."""

    split: str
    question: str
    sql: str


def main(
    work: Annotated[Path, typer.Argument(help="The workspace to make; what is there is kept.")],
    corpus: Annotated[Path, typer.Argument(help="The folder with geography.sqlite and questions.jsonl.")],
    known: Annotated[bool, typer.Option("--known", help="Tell the other questions with their SQL.")] = False,
    ask: Annotated[Literal["test", "dev", "train"], typer.Option(help="The questions to count on.")] = "test",
    minutes: Annotated[float, typer.Option(help="Minutes of training.")] = 30,
    rows: Annotated[int, typer.Option(help="Questions to make up.")] = 180_000,
    threads: Annotated[int, typer.Option(help="Threads of the training.")] = 2,
    base: Annotated[Path | None, typer.Option(help="Another base than the one that ships.")] = None,
) -> None:
    """Make the workspace, train, then write the suite, so that training cannot see it, and run it."""
    asked = list(_questions(corpus / "questions.jsonl"))
    if not (work / "quarry.toml").exists():
        _make(work, corpus, [one for one in asked if known and one.split in TOLD[ask]])
    model = work / "models" / "geography.gguf"
    if not model.exists():
        more = ["--base", str(base.resolve())] if base else []
        often = ["--minutes", f"{minutes}", "--rows", f"{rows}", "--threads", f"{threads}"]
        _quarry("train", "--workspace", f"{work}", *often, "--out", "models/geography.gguf", *more)
    suite = work / "evals" / f"{ask}.yaml"
    _write(suite, {"cases": list(_cases([one for one in asked if one.split == ask], work))})
    _quarry("eval", "run", ask, "--workspace", f"{work}", "--model", f"{model.resolve()}", "--jobs", "2")


def _questions(path: Path) -> Iterator[Asked]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        # double quotes are names to a standard database, and strings in this corpus
        yield Asked(row["split"], row["question"], row["sql"].replace('"', "'").rstrip("; "))


def _make(work: Path, corpus: Path, told: list[Asked]) -> None:
    work.mkdir(parents=True, exist_ok=True)
    shutil.copy(corpus / "geography.sqlite", work / "geography.sqlite")
    _quarry("init", f"{work}", "--database", "sqlite:///geography.sqlite")
    for sample in (work / "evals").glob("*.yaml"):
        sample.unlink()
    toml = work / "quarry.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + f"\ntoday = {TODAY}\n", encoding="utf-8")
    if told:
        examples = [
            {"question": one.question, "sql": one.sql, "by": "GeoQuery"} for one in _running(told, work)
        ]
        _write(work / "knowledge" / "examples.yaml", {"examples": examples})
        (work / "log.sql").write_text("".join(f"{one.sql};\n" for one in told), encoding="utf-8")
        _quarry("mine", "--workspace", f"{work}", f"{work / 'log.sql'}")
    _quarry("index", "--workspace", f"{work}")


def _cases(asked: Iterable[Asked], work: Path) -> Iterator[dict[str, object]]:
    for number, one in enumerate(_running(asked, work)):
        tree = sqlglot.parse_one(one.sql, dialect="sqlite")
        golds = [one.sql]
        if isinstance(tree, sqlglot.exp.Select) and not (tree.args.get("limit") or tree.args.get("distinct")):
            golds.append(tree.distinct().sql("sqlite"))
        yield {
            "id": f"{one.split}-{number:03d}",
            "question": one.question,
            "gold": golds,
            "category": "geography",
        }


def _running(asked: Iterable[Asked], work: Path) -> Iterator[Asked]:
    """Those whose gold runs; the others are named."""
    database = Database.open(f"sqlite:///{work / 'geography.sqlite'}")
    try:
        for one in asked:
            try:
                database.run(one.sql, own=True, timeout_s=10)
            except QueryError as problem:
                print(f"left out: {one.question!r}: {problem}")
            else:
                yield one
    finally:
        database.close()


def _write(path: Path, told: dict[str, object]) -> None:
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=110), encoding="utf-8")


def _quarry(*words: str) -> None:
    """Ends with its exit status where it fails; it has said why."""
    if status := subprocess.run([QUARRY, *words]).returncode:
        raise SystemExit(status)


if __name__ == "__main__":
    typer.run(main)
