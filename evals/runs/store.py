"""Runs, kept: each score is safe as soon as it is there, so that a run that was stopped can go on."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from evals.runs.info import Run, RunInfo
from evals.runs.score import Score
from evals.runs.tables import RUNS, SCORES, prepare
from knowledge.errors import SettingsError

Key = tuple[str, str, int]
"""Suite, case and repeat: what a score of a run is known by."""


class RunStore:
    """Opened by an SQLAlchemy URL (SQLite or PostgreSQL); several processes may use one at a time."""

    def __init__(self, url: str) -> None:
        """Raises SettingsError where the store cannot be used or is of another version."""
        self._engine = _engine(url)
        with self._told("opened"):
            prepare(self._engine)

    @classmethod
    def in_file(cls, path: Path) -> "RunStore":
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{path}")

    @property
    def folder(self) -> Path | None:
        """Where the store's file lies; None for a server."""
        name = self._engine.url.database
        on_file = self._engine.dialect.name == "sqlite" and name and name != ":memory:"
        return Path(name).parent if on_file and name else None

    def create(self, info: RunInfo) -> RunInfo:
        """Begin a run, now where `info` does not say when. Raises SettingsError where the id is taken."""
        info = replace(info, started=info.started or now())
        with self._told("written"), self._engine.begin() as connection:
            if connection.execute(sa.select(RUNS.c.id).where(RUNS.c.id == info.id)).first():
                raise SettingsError(f"There is a run {info.id} already; resume it or take another name.")
            connection.execute(RUNS.insert().values(_run_row(info)))
        return info

    def find(self, run: str) -> RunInfo | None:
        with self._told("read"), self._engine.connect() as connection:
            row = connection.execute(sa.select(RUNS).where(RUNS.c.id == run)).one_or_none()
        return _info(row) if row else None

    def get(self, run: str) -> Run:
        """A run with the scores it has so far, in the order of its cases. Raises SettingsError."""
        info = self.find(run)
        if info is None:
            raise _no_run(run)
        wanted = sa.select(SCORES.c.score).where(SCORES.c.run == run, SCORES.c.place.is_not(None))
        with self._told("read"), self._engine.connect() as connection:
            texts = connection.execute(wanted.order_by(SCORES.c.place)).scalars().all()
        return Run(info, tuple(_score(text, run) for text in texts))

    def latest(
        self, suites: Sequence[str] | None = None, model: str | None = None, setup: str | None = None
    ) -> RunInfo | None:
        """The newest run of just these suites, this model and this set-up; None where there is none."""
        wanted = sa.select(RUNS).order_by(RUNS.c.started.desc(), RUNS.c.id.desc()).limit(1)
        if suites is not None:
            wanted = wanted.where(RUNS.c.suites == json.dumps(sorted(suites)))
        if model is not None:
            wanted = wanted.where(RUNS.c.model == model)
        if setup is not None:
            wanted = wanted.where(RUNS.c.setup == setup)
        with self._told("read"), self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        return _info(row) if row else None

    def all(self) -> list[RunInfo]:
        """Every run, the newest first."""
        wanted = sa.select(RUNS).order_by(RUNS.c.started.desc(), RUNS.c.id.desc())
        with self._told("read"), self._engine.connect() as connection:
            return [_info(row) for row in connection.execute(wanted)]

    def arrange(self, run: str, keys: Sequence[Key]) -> None:
        """Put the scores of a run in the order of `keys`; those of other cases stay, but are not shown."""
        with self._told("written"), self._engine.begin() as connection:
            connection.execute(SCORES.update().where(SCORES.c.run == run).values(place=None))
            change = (
                SCORES.update()
                .where(SCORES.c.run == run, SCORES.c.suite == sa.bindparam("of_suite"))
                .where(SCORES.c.case == sa.bindparam("of_case"))
                .where(SCORES.c.repeat == sa.bindparam("of_repeat"))
                .values(place=sa.bindparam("to_place"))
            )
            rows = [
                {"of_suite": suite, "of_case": case, "of_repeat": repeat, "to_place": place}
                for place, (suite, case, repeat) in enumerate(keys)
            ]
            if rows:
                connection.execute(change, rows)

    def append(self, run: str, score: Score, place: int | None = None) -> None:
        """Keep one score, safe at once; it takes the place of an earlier one of the same case and repeat.

        Without a `place` among the scores of the run it comes last.
        """
        same = sa.and_(
            SCORES.c.run == run,
            SCORES.c.suite == score.suite,
            SCORES.c.case == score.case,
            SCORES.c.repeat == score.repeat,
        )
        with self._told("written"), self._engine.begin() as connection:
            if place is None:
                last = sa.select(sa.func.max(SCORES.c.place)).where(SCORES.c.run == run)
                place = (connection.execute(last).scalar() or 0) + 1
            connection.execute(SCORES.delete().where(same))
            connection.execute(SCORES.insert().values(_score_row(run, score, place)))

    def finish(self, run: str) -> RunInfo:
        """Mark a run as whole. Raises SettingsError where there is none."""
        return self._finished(run, now())

    def reopen(self, run: str) -> RunInfo:
        """Mark a run as one that goes on. Raises SettingsError where there is none."""
        return self._finished(run, None)

    def delete(self, run: str) -> None:
        """Forget a run with all its scores. Raises SettingsError where there is none."""
        with self._told("written"), self._engine.begin() as connection:
            connection.execute(SCORES.delete().where(SCORES.c.run == run))
            if not connection.execute(RUNS.delete().where(RUNS.c.id == run)).rowcount:
                raise _no_run(run)

    def close(self) -> None:
        self._engine.dispose()

    def _finished(self, run: str, moment: dt.datetime | None) -> RunInfo:
        info = self.find(run)
        if info is None:
            raise _no_run(run)
        info = replace(info, finished=moment)
        with self._told("written"), self._engine.begin() as connection:
            connection.execute(RUNS.update().where(RUNS.c.id == run).values(_run_row(info)))
        return info

    @contextmanager
    def _told(self, done: str) -> Iterator[None]:
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise SettingsError(
                f"The store of runs {self._engine.url} cannot be {done} ({cause}); check that it is one and "
                "that it can be written."
            ) from None


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = sa.create_engine(parsed, connect_args={"timeout": 30} if _is_sqlite(parsed) else {})
    except (ModuleNotFoundError, sa.exc.NoSuchModuleError):
        raise SettingsError(
            f"The driver of the store of runs {url.partition(':')[0]} is not installed; "
            "run pip install 'quarry[postgres]'."
        ) from None
    except (sa.exc.ArgumentError, ValueError):
        raise SettingsError(
            "The store of runs is no address such as sqlite:///.quarry/evals.sqlite; correct it."
        ) from None
    if _is_sqlite(parsed):
        sa.event.listen(engine, "connect", _write_ahead)
    return engine


def _is_sqlite(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _write_ahead(connection: Any, _: Any) -> None:
    """Readers and the writer do not wait for each other; a power cut loses no score."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _no_run(run: str) -> SettingsError:
    return SettingsError(f"There is no run {run}; `quarry eval runs` lists those there are.")


def _run_row(info: RunInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "model": info.model,
        "setup": info.setup,
        "suites": json.dumps(sorted(info.suites)),
        "started": _naive(info.started),
        "finished": _naive(info.finished),
        "info": json.dumps(asdict(info), default=str),
    }


def _info(row: sa.Row[Any]) -> RunInfo:
    facts = json.loads(row.info)
    times = {"started": _aware(row.started), "finished": _aware(row.finished)}
    return RunInfo(**{**facts, **times, "suites": tuple(facts["suites"])})


def _score_row(run: str, score: Score, place: int) -> dict[str, Any]:
    return {
        "run": run,
        "suite": score.suite,
        "case": score.case,
        "repeat": score.repeat,
        "place": place,
        "category": score.category,
        "verdict": score.verdict.value,
        "right": score.right,
        "presented": score.presented,
        "seconds": score.seconds,
        "score": json.dumps(score.to_json()),
    }


def _score(text: str, run: str) -> Score:
    try:
        return Score.from_json(json.loads(text))
    except (KeyError, TypeError, ValueError):
        raise SettingsError(
            f"A score of run {run} is not of this Quarry's; delete the run and make it anew."
        ) from None


def _naive(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment else None


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.replace(tzinfo=dt.UTC) if moment else None
