"""A workspace, opened part by part: settings, database, knowledge, index, model, agent."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import typer

from assistant.failure import note_bug
from assistant.pairs import pairs_path, read_pairs
from assistant.parts import Part, Parts
from assistant.settings import Settings, find_workspace, load_settings
from assistant.state_files import StateFiles
from evals.runs.setup import Setup
from knowledge.clock import Clock, FrozenClock, SystemClock
from knowledge.errors import IndexingError, QuarryError, SettingsError

if TYPE_CHECKING:
    from assistant.live import Live
    from evals.releases.registry import Registry, Release
    from feedback.log import Feedback
    from graph.agent import Agent
    from graph.checks import CheckContext
    from graph.explain import Explainer, Explanation
    from graph.models.base import Model
    from graph.outcome import Answered
    from knowledge.cards import Card
    from knowledge.database import Database
    from knowledge.drift import Change, Known
    from knowledge.embedder import Embedder
    from knowledge.examples import Example
    from knowledge.glossary import Term
    from knowledge.index import Index, Kind
    from knowledge.link import Linker
    from knowledge.profile import Profiles
    from knowledge.quarantine import Quarantine
    from knowledge.retrieve import Retriever
    from knowledge.rules import Rule
    from knowledge.schema import Schema
    from knowledge.values import Values

MODEL = frozenset({"agent", "index", "model", "model_setting", "pair_kind", "release", "retriever"})
"""Parts that depend on the model that answers."""

FIXED = frozenset({"clock", "database", "embedder", "feedback", "registry"})
"""Parts that depend on neither the model nor the schema."""

SHARED = frozenset(
    {
        *("known", "changes", "renames", "quarantine"),
        *("clock", "database", "schema", "glossary", "rules", "examples", "profiles", "cards", "values"),
        *("linker", "embedder", "feedback", "registry", "explainer"),
    }
)
"""Parts that do not."""

EXPECTED = (QuarryError, typer.Exit, typer.Abort, typer.BadParameter)

CANDIDATES = 6
SMALL_MODEL = 100 * 2**20

Report = Callable[[str], None]


class Workspace(Parts, StateFiles):
    """Each part opens when it is first asked for; what cannot be opened raises its own QuarryError.

    With `model`, that one answers whatever was released; a relative file is in the workspace. `seed` reaches
    the models that draw lots.
    """

    def __init__(self, folder: Path, settings: Settings, *, model: str = "", seed: int = 0) -> None:
        super().__init__()
        self.folder = folder
        self.settings = settings
        self.state = folder / ".quarry"
        self.seed = seed
        self._model = model
        self._borrowed: frozenset[str] = frozenset()

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

    def sibling(self, *, model: str = "", clock: Clock | None = None, anew: bool = False) -> "Workspace":
        """The same workspace with another model, another day, or a newer release; it shares what it can.

        With `anew` the schema and all that hangs on it is read again. Close it before this one.
        """
        made = Workspace(self.folder, self.settings, model=model or self._model, seed=self.seed)
        if anew:
            made._borrow(self, FIXED)
            return made
        made._borrow(self, SHARED if clock is None else (SHARED | MODEL) - {"linker", "retriever", "agent"})
        if clock is not None:
            made.__dict__["clock"] = clock
        return made

    def elsewhere(self, folder: Path, settings: Settings) -> "Workspace":
        """A workspace of another database with the model of this one. Close it before this one."""
        made = Workspace(folder, settings, model=self.model_setting, seed=self.seed)
        _ = self.model, self.embedder
        made._borrow(self, frozenset(["model", "embedder"]))
        made.__dict__["pair_kind"] = ""
        return made

    def _borrow(self, lender: "Workspace", names: frozenset[str]) -> None:
        lent = {name: part for name, part in lender.__dict__.items() if name in names}
        self.__dict__.update(lent)
        self._borrowed = frozenset(lent)

    def close(self) -> None:
        for name in ("live", "agent", "model", "feedback", "database"):
            self._drop(name)

    def leave_model(self) -> None:
        """Close what depends on the model; what is asked for next opens anew, with the release of then."""
        for name in sorted(MODEL):
            self._drop(name)

    def _drop(self, name: str) -> None:
        part = self.__dict__.pop(name, None)
        if name not in self._borrowed and hasattr(part, "close"):
            part.close()

    @Part
    def clock(self) -> Clock:
        return FrozenClock(self.settings.today) if self.settings.today else SystemClock()

    @Part
    def database(self) -> "Database":
        return open_database(self.folder, self.settings)

    def open_other(self, url: str) -> "Database":
        """Another database under the limits of this workspace."""
        return open_database(self.folder, self.settings.model_copy(update={"database": url}))

    @Part
    def schema(self) -> "Schema":
        """As introspected, with the keys that were found when the index was made."""
        from knowledge.inferred_keys import load_keys, with_keys

        schema = self.database.schema(self.settings.exclude)
        return with_keys(schema, load_keys(self.keys_path, schema))

    @Part
    def glossary(self) -> "tuple[Term, ...]":
        from knowledge.glossary import load_glossary

        return load_glossary(self._knowledge("glossary"), self.schema, self.quarantine)

    @Part
    def rules(self) -> "tuple[Rule, ...]":
        from knowledge.rules import load_rules

        _ = self.glossary  # a rule may name a metric that is left out
        return load_rules(self._knowledge("rules"), self.schema, self.quarantine)

    @Part
    def examples(self) -> "tuple[Example, ...]":
        from knowledge.examples import load_examples

        return load_examples(self._knowledge("examples"), self.schema, self.quarantine)

    @Part
    def known(self) -> "Known | None":
        """The schema that the knowledge was last seen to hold for."""
        from knowledge.drift import Known

        return Known.load(self.known_path)

    @Part
    def changes(self) -> "tuple[Change, ...]":
        """What changed in the schema since then."""
        from knowledge.drift import changes

        return changes(self.known, self.schema)

    @Part
    def renames(self) -> "dict[str, str]":
        """Old names and the new ones that may stand for them."""
        from knowledge.renames import renames

        return renames(self.database, self.schema, self.known, self.changes) if self.known else {}

    @Part
    def quarantine(self) -> "Quarantine":
        """What of the knowledge is left out; complete once glossary, rules and examples are read."""
        from knowledge.quarantine import Quarantine

        return Quarantine(self.schema, self.changes, self.known is not None, lambda: self.renames)

    @property
    def closed(self) -> "dict[str, str]":
        """Tables that no answer may read, with the reason."""
        _ = self.rules
        return self.quarantine.closed

    def left_out(self) -> str:
        """What of the knowledge is left out, as a sentence; empty where nothing is."""
        from assistant.drift import left_out

        return left_out(self)

    @Part
    def registry(self) -> "Registry":
        from evals.releases.registry import Registry

        return Registry(self.state / "models")

    @Part
    def release(self) -> "Release | None":
        """The release that answers; None where none was made, or another model was asked for."""
        return None if self._model else self.registry.current()

    @Part
    def model_setting(self) -> str:
        """The model that answers: the one asked for, else the release, else that of quarry.toml."""
        if self._model:
            return self._model
        return str(self.release.model) if self.release else self.settings.model

    @property
    def pairs(self) -> "tuple[Example, ...]":
        """The pairs that the specialist was taught."""
        from assistant.drift import fit

        return fit(self, read_pairs(self._pairs_path)) if self.pair_kind else ()

    @Part
    def pair_kind(self) -> "Kind":
        """Under which kind the index keeps them; empty where there are none."""
        from knowledge.index import pair_kind

        return pair_kind(self._pairs_path.read_bytes()) if self._pairs_path.is_file() else ""

    @property
    def _pairs_path(self) -> Path:
        """They stand beside the specialist as NAME.pairs.jsonl."""
        return pairs_path(self.folder / self.model_setting)

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
        from knowledge.fiscal import FiscalCalendar
        from knowledge.link import Linker

        return Linker(
            self.values, self.clock, self.values.words, FiscalCalendar(self.settings.fiscal_year_starts)
        )

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
        return Retriever(
            self.index, self.linker, self.embedder, self.cards, self.glossary, pairs=self.pair_kind
        )

    @property
    def model_key(self) -> str:
        """Of the model's server, from the environment; empty where none is named."""
        name = self.settings.model_api_key_env
        return os.environ.get(name, "") if name else ""

    @Part
    def model(self) -> "Model":
        from graph.models import open_model

        said = self.settings
        if self.release:
            self.registry.verify(self.release)
        return open_model(
            self.model_setting,
            self.folder,
            context=said.context,
            threads=said.threads or self._threads(),
            url=said.model_url,
            api_key=self.model_key,
            seed=self.seed,
            constraint=said.model_constraint,
        )

    @Part
    def model_checksum(self) -> str:
        """SHA-256 of the model's file; empty for a model on a server."""
        from evals.releases.checksum import sha256

        path = self.folder / self.model_setting
        return sha256(path) if path.is_file() else ""

    @property
    def variants(self) -> tuple[str, ...]:
        """The databases that `quarry eval variants` made of this one as it is now."""
        from assistant.preparation import data_fingerprint
        from evals.variants import existing

        return existing(self.state / "variants", data_fingerprint(self, servers=True))

    @Part
    def agent(self) -> "Agent":
        return self.make_agent(Setup(), self.state / "threads.sqlite")

    def make_agent(self, setup: Setup, threads: Path | None = None) -> "Agent":
        """An agent in a set-up; without `threads` it forgets its conversations when it is closed."""
        self.follow_schema()
        from graph.agent import Agent
        from graph.context import Context
        from graph.describe import Describer

        said = self.settings
        candidates = said.candidates or (CANDIDATES if self.model.format == "specialist" else 1)
        context = Context(
            database=self.database,
            schema=self.schema,
            model=self.model,
            retriever=self.retriever,
            clock=self.clock,
            rules=self.rules,
            cards=self.cards,
            describer=Describer(self.schema, self.glossary),
            terms=self.glossary,
            closed=self.closed,
            without=setup.without,
            candidates=1 if "candidates" in setup.without else candidates,
            repairs=0 if "repair" in setup.without else said.repairs,
            repair_s=said.repair_s,
            threshold=said.confidence,
        )
        return Agent(context, threads)

    @Part
    def explainer(self) -> "Explainer":
        from graph.explain import Explainer

        return Explainer(self.schema, self.glossary, self.rules)

    def explain(self, outcome: "Answered") -> "Explanation":
        """What an answer rests on, from its statement's tree."""
        from assistant.render.columns import columns
        from graph.explain import AsOf

        as_of = AsOf(
            self.clock.today(),
            fixed=self.settings.today is not None,
            zone=time.tzname[time.localtime().tm_isdst > 0],
            reaches=lambda table, column: str(self.profiles.column(table, column).max or ""),
        )
        result = outcome.result
        headings = self.explainer.headings(outcome.sql, result.columns)
        names = tuple(column.name for column in columns(result, headings))
        return self.explainer.explain(outcome.sql, names, as_of).explanation

    @Part
    def check_context(self) -> "CheckContext":
        """What statements are checked against outside the agent, as for gold queries."""
        from graph.checks import CheckContext

        return CheckContext(self.schema, self.rules, "", self.clock, closed=self.closed)

    @Part
    def live(self) -> "Live":
        """Who answers people: the agent, and after a release the next one."""
        from assistant.live import Live

        return Live(self)

    @Part
    def feedback(self) -> "Feedback":
        from feedback.database import FeedbackDatabase
        from feedback.log import Feedback

        url = self.settings.feedback
        if not url:
            self.state.mkdir(parents=True, exist_ok=True)
            url = f"sqlite:///{self.state / 'feedback.sqlite'}"
        return Feedback(FeedbackDatabase(url), self.database.dialect)

    def _threads(self) -> int:
        """One for a small model, whose threads would mostly wait for each other; else 0, all cores."""
        path = self.folder / self.model_setting
        return 1 if path.is_file() and path.stat().st_size < SMALL_MODEL else 0

    def _knowledge(self, name: str) -> Path:
        folder = self.folder / self.settings.knowledge
        if not folder.is_dir():
            raise SettingsError(
                f"There is no folder {folder}; make it, or correct `knowledge` in quarry.toml."
            )
        return folder / f"{name}.yaml"

    @property
    def knowledge_paths(self) -> list[Path]:
        return [self._knowledge(name) for name in ("glossary", "rules", "examples")]

    def prepare(self, report: Report) -> str:
        """Bring the index up to date and say what was done; `report` hears each step as it begins."""
        from assistant.preparation import prepare

        return prepare(self, report)

    def prepare_alone(self) -> None:
        """As `prepare`, silently, and one process after the other where several want to."""
        from filelock import FileLock

        self.state.mkdir(parents=True, exist_ok=True)
        with FileLock(self.state / "index.lock"):
            self.prepare(lambda doing: None)

    def drift(self) -> str:
        """What changed since the index was made, as a sentence; empty where nothing did."""
        from assistant.preparation import drift

        return drift(self)

    def follow_schema(self) -> None:
        """Bring the index up to date where the schema changed since. Raises as `check_index`."""
        from assistant.preparation import follow_schema

        follow_schema(self)

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
