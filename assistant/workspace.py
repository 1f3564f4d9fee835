"""A workspace, opened part by part: settings, database, knowledge, index, model, agent."""

import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import typer

from assistant.failure import note_bug
from assistant.pairs import pairs_path, read_pairs
from assistant.parts import Part, Parts
from assistant.settings import Settings, find_workspace, load_settings
from knowledge.clock import Clock, FrozenClock, SystemClock
from knowledge.errors import IndexingError, QuarryError, SettingsError

if TYPE_CHECKING:
    from feedback.turns import Turns
    from graph.agent import Agent
    from graph.checks import CheckContext
    from graph.models.base import Model
    from knowledge.cards import Card
    from knowledge.database import Database
    from knowledge.embedder import Embedder
    from knowledge.examples import Example
    from knowledge.glossary import Term
    from knowledge.index import Index
    from knowledge.link import Linker
    from knowledge.profile import Profiles
    from knowledge.retrieve import Retriever
    from knowledge.rules import Rule
    from knowledge.schema import Schema
    from knowledge.values import Values

EXPECTED = (QuarryError, typer.Exit, typer.Abort, typer.BadParameter)

CANDIDATES = 6
SMALL_MODEL = 100 * 2**20

Report = Callable[[str], None]


class Workspace(Parts):
    """Each part opens when it is first asked for; what cannot be opened raises its own QuarryError."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        super().__init__()
        self.folder = folder
        self.settings = settings
        self.state = folder / ".quarry"

    @classmethod
    def open(cls, folder: Path | None = None) -> "Workspace":
        """The workspace in `folder`, or the one found from here. Raises SettingsError."""
        found = find_workspace(folder)
        return cls(found, load_settings(found))

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what was opened; a fault of Quarry's own is written to .quarry/error.log."""
        self.close()
        if isinstance(problem, Exception) and not isinstance(problem, EXPECTED):
            raise note_bug(problem, self.state / "error.log") from problem

    def close(self) -> None:
        for name in ("agent", "turns", "database"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

    @Part
    def clock(self) -> Clock:
        return FrozenClock(self.settings.today) if self.settings.today else SystemClock()

    @Part
    def database(self) -> "Database":
        return open_database(self.folder, self.settings)

    @Part
    def schema(self) -> "Schema":
        return self.database.schema(self.settings.exclude)

    @Part
    def glossary(self) -> "tuple[Term, ...]":
        from knowledge.glossary import load_glossary

        return load_glossary(self._knowledge("glossary"), self.schema)

    @Part
    def rules(self) -> "tuple[Rule, ...]":
        from knowledge.rules import load_rules

        return load_rules(self._knowledge("rules"), self.schema)

    @Part
    def examples(self) -> "tuple[Example, ...]":
        from knowledge.examples import load_examples

        return load_examples(self._knowledge("examples"), self.schema)

    @Part
    def pairs(self) -> "tuple[Example, ...]":
        """The pairs that the specialist was taught; they stand beside it as NAME.pairs.jsonl."""
        return read_pairs(pairs_path(self.folder / self.settings.model))

    @Part
    def profiles(self) -> "Profiles":
        from knowledge.profile import Profiles

        found = Profiles.load(self.profiles_path, self.schema)
        if found is None:
            raise IndexingError("The database's tables changed since the index was made; run `quarry index`.")
        return found

    @Part
    def cards(self) -> "tuple[Card, ...]":
        from knowledge.cards import cards

        return tuple(cards(self.schema, self.profiles, self.glossary))

    @Part
    def values(self) -> "Values":
        from knowledge.values import Values

        return Values.load(self.values_path)

    @Part
    def linker(self) -> "Linker":
        from knowledge.link import Linker

        return Linker(self.values, self.clock, self.values.words)

    @Part
    def embedder(self) -> "Embedder":
        from knowledge.embedder import MiniLM

        return MiniLM()

    @Part
    def index(self) -> "Index":
        from knowledge.index import Index

        return Index.open(self.index_path, self.embedder)

    @Part
    def retriever(self) -> "Retriever":
        from knowledge.retrieve import Retriever

        self.embedder.embed(["ready"])
        return Retriever(self.index, self.linker, self.embedder, self.cards, self.glossary)

    @Part
    def model(self) -> "Model":
        from graph.models import open_model

        said = self.settings
        key = os.environ.get(said.model_api_key_env, "") if said.model_api_key_env else ""
        return open_model(
            said.model,
            self.folder,
            context=said.context,
            threads=said.threads or self._threads(),
            url=said.model_url,
            api_key=key,
        )

    @Part
    def agent(self) -> "Agent":
        self.check_index()
        from graph.agent import Agent
        from graph.context import Context
        from graph.describe import Describer

        context = Context(
            database=self.database,
            schema=self.schema,
            model=self.model,
            retriever=self.retriever,
            clock=self.clock,
            rules=self.rules,
            cards=self.cards,
            describer=Describer(self.schema, self.glossary),
            candidates=self.settings.candidates or (CANDIDATES if self.model.format == "specialist" else 1),
            repairs=self.settings.repairs,
            threshold=self.settings.confidence,
        )
        return Agent(context, self.state / "threads.sqlite")

    @Part
    def check_context(self) -> "CheckContext":
        """What statements are checked against outside the agent, as for gold queries."""
        from graph.checks import CheckContext

        return CheckContext(self.schema, self.rules, "", self.clock)

    @Part
    def turns(self) -> "Turns":
        from feedback.turns import Turns

        self.state.mkdir(parents=True, exist_ok=True)
        return Turns.in_file(self.state / "feedback.sqlite")

    def _threads(self) -> int:
        """One for a small model, whose threads would mostly wait for each other; else 0, all cores."""
        path = self.folder / self.settings.model
        return 1 if path.is_file() and path.stat().st_size < SMALL_MODEL else 0

    def _knowledge(self, name: str) -> Path:
        folder = self.folder / self.settings.knowledge
        if not folder.is_dir():
            raise SettingsError(
                f"There is no folder {folder}; make it, or correct `knowledge` in quarry.toml."
            )
        return folder / f"{name}.yaml"

    @property
    def profiles_path(self) -> Path:
        return self.state / "profiles.json"

    @property
    def values_path(self) -> Path:
        return self.state / "values.json"

    @property
    def index_path(self) -> Path:
        return self.state / "index"

    @property
    def knowledge_paths(self) -> list[Path]:
        """The files that the index is made from."""
        files = [self._knowledge(name) for name in ("glossary", "rules", "examples")]
        return [*files, pairs_path(self.folder / self.settings.model)]

    def prepare(self, report: Report) -> str:
        """Bring the index up to date and say what was done; `report` hears each step as it begins."""
        from assistant.preparation import prepare

        return prepare(self, report)

    def drift(self) -> str:
        """What changed since the index was made, as a sentence; empty where nothing did."""
        from assistant.preparation import drift

        return drift(self)

    def check_index(self) -> None:
        """Raise IndexingError where the index cannot be used as it is."""
        from assistant.preparation import check_index

        check_index(self)


def open_database(folder: Path, settings: Settings) -> "Database":
    """The database of the settings. Raises SettingsError where none is set, DatabaseError where it fails."""
    from knowledge.database import Database

    if not settings.database:
        raise SettingsError("No database is set; set `database` in quarry.toml, as in sqlite:///shop.sqlite.")
    return Database.open(
        settings.database, folder=folder, timeout_s=settings.timeout_s, max_rows=settings.max_rows
    )
