"""What a specialist is made of: the workspace's database and knowledge, opened once per process."""

import os
import weakref
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.errors import TrainingError
from knowledge.examples import load_examples
from knowledge.glossary import load_glossary
from knowledge.inferred_keys import infer_keys, with_keys
from knowledge.link import Linker
from knowledge.patterns import Patterns
from knowledge.profile import profile
from knowledge.rules import load_rules
from knowledge.values import Values
from training.catalogue import Catalogue
from training.practice import Practice, practice_copy
from training.synthesis import Synthesiser
from training.usage import Usage
from training.written import Written, can_be_written


@dataclass(frozen=True)
class Source:
    """Where the material lies; picklable, so that every process of the synthesis opens its own.

    `patterns` is the file that `quarry mine` keeps, if there is one.
    """

    database: str
    knowledge: Path
    folder: Path
    today: date
    work: Path
    exclude: tuple[str, ...] = ()
    patterns: Path | None = None


def practice_folder(source: Source) -> Path:
    """Where each process keeps its practice copy."""
    return source.work / "practice"


class Material:
    """Everything that synthesis and training read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.clock = FrozenClock(source.today)
        self.database = Database.open(source.database, folder=source.folder, timeout_s=10)
        declared = self.database.schema(source.exclude)
        self.profiles = profile(self.database, declared)
        patterns = Patterns.load(source.patterns) if source.patterns else None
        joins = patterns.joins if patterns is not None else ()
        self.schema = with_keys(declared, infer_keys(self.database, declared, self.profiles, joins))
        self.terms = load_glossary(source.knowledge / "glossary.yaml", self.schema)
        self.rules = load_rules(source.knowledge / "rules.yaml", self.schema)
        self.examples = load_examples(source.knowledge / "examples.yaml", self.schema)
        hidden = {column for rule in self.rules for column in rule.forbid}
        usage = Usage.of(patterns)
        if not any(self.profiles.rows(table.name) for table in self.schema.tables):
            raise TrainingError(
                "The tables hold no rows, so nothing can be asked of them; point `database` at one with data."
            )
        spoken = Written(self.schema.only(can_be_written))
        self.catalogue = Catalogue(
            spoken.schema,
            [spoken.term(term) for term in self.terms],
            spoken.profiles(self.profiles),
            self.database,
            {spoken.column(name) for name in hidden},
            usage,
        )
        skip = frozenset(tuple(column.split(".", 1)) for column in hidden)
        values = Values.build(self.database, self.schema, self.profiles, self.terms, skip=skip)  # type: ignore[arg-type]
        self.linker = Linker(values, self.clock)

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """Tables and columns that no question is made up about, for the marks in their names."""
        tables = (table.name for table in self.schema.tables if not can_be_written(table.name))
        return (
            *tables,
            *(f"{t.name}.{c.name}" for t, c in self.schema.columns() if not can_be_written(c.name)),
        )

    @cached_property
    def practice(self) -> Practice:
        """Where synthetic queries are tried: a small copy of a SQLite database, else the database itself."""
        if self.schema.dialect != "sqlite":
            return self.database
        path = practice_folder(self.source) / f"{os.getpid()}.sqlite"
        path.parent.mkdir(parents=True, exist_ok=True)
        weakref.finalize(self, path.unlink, missing_ok=True)
        sizes = {table.name: self.profiles.rows(table.name) for table in self.schema.tables}
        return practice_copy(self.database, self.schema, sizes, path)

    def synthesiser(self, seed: int) -> Synthesiser:
        years = (max(2000, self.source.today.year - 3), self.source.today.year)
        return Synthesiser(
            self.catalogue, self.linker, self.practice, list(self.rules), self.clock, seed, years
        )
