"""A run: one subject against all cases of some suites."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace

from evals.runs.blank import fault, fingerprint
from evals.runs.info import Run, RunInfo
from evals.runs.outages import Outages
from evals.runs.pool import Pool
from evals.runs.score import Score
from evals.runs.store import Key, RunStore, now
from evals.runs.subject import Opener
from evals.runs.task import Reply, Task
from evals.runs.workers import workers
from evals.suite.case import Case
from evals.verdict import Verdict
from knowledge.errors import SettingsError

LIMIT_SECONDS = 120.0
GOLDS = "golds.sqlite"
Progress = Callable[[Score, int, int, float | None], None]


def run_suites(
    opener: Opener,
    cases: Sequence[Case],
    info: RunInfo,
    store: RunStore | None = None,
    *,
    jobs: int = 1,
    seed: int | None = None,
    repeats: int | None = None,
    limit_s: float = LIMIT_SECONDS,
    progress: Progress | None = None,
    pool: Pool | None = None,
    prices: tuple[float, float] | None = None,
) -> Run:
    """Ask every case `repeats` times and score how it ended.

    The subject is opened in `jobs` worker processes, or a warm `pool` is used and left open. `seed` and
    `repeats` are those of `info` unless given. `limit_s` is for each question and for judging it; a worker
    that takes longer is stopped. `prices` are US dollars for a million tokens read and written. `progress`
    hears each new score, how many are done, how many there are, and the seconds that are left, None while
    nobody knows.

    With a `store` each score is safe before the next is waited for. A run of the id that is there already
    goes on: what was scored is kept, what changed in its suite since and every harness_error is asked again.
    When a database or the model is missing for some cases in a row, the others that need it are
    harness_errors too, and the run stays unfinished.

    Raises SettingsError where the run in the store was of something else, WorkerError where workers die one
    after the other, and what opening the subject raises; also where no case could be scored at all, because
    what it needs is missing.
    """
    info = _with(info, seed, repeats)
    plan = _plan(cases, info, prices)
    book = _Book(info, plan, store, progress)
    if book.todo:
        golds = store.folder / GOLDS if store and store.folder else None
        crew = nullcontext(pool) if pool else closing(workers(opener, min(jobs, len(book.todo)), golds=golds))
        with crew as asked, closing(asked.replies(book.tasks(), limit_s)) as replies:
            for reply in replies:
                book.enter(reply)
    return book.close()


def _with(info: RunInfo, seed: int | None, repeats: int | None) -> RunInfo:
    info = replace(
        info,
        seed=info.seed if seed is None else seed,
        repeats=info.repeats if repeats is None else repeats,
    )
    if info.repeats < 1:
        raise SettingsError(f"A run of {info.repeats} repeats asks nothing; take 1 or more.")
    return info


def _plan(cases: Sequence[Case], info: RunInfo, prices: tuple[float, float] | None) -> tuple[Task, ...]:
    pairs = [(case, repeat) for case in cases for repeat in range(info.repeats)]
    plan = tuple(Task(number, case, info.id, repeat, prices) for number, (case, repeat) in enumerate(pairs))
    seen: dict[Key, Case] = {}
    for task in plan:
        other = seen.setdefault(_key(task), task.case)
        if other is not task.case:
            raise SettingsError(
                f"Two cases of the suite {task.case.suite!r} are called {task.case.id!r} ({other.where}; "
                f"{task.case.where}); rename one."
            )
    return plan


class _Book:
    """What is known of a run so far, and what is left to ask: what failed in an earlier try comes last, so
    that it does not stand in the way again.
    """

    def __init__(
        self, info: RunInfo, plan: tuple[Task, ...], store: RunStore | None, progress: Progress | None
    ) -> None:
        self.info = info
        self._plan = plan
        self._store = store
        self._progress = progress
        self._outages = Outages()
        self._missed: set[int] = set()
        self._failed: set[int] = set()
        self._scores = self._begun()
        left = [task for task in plan if task.number not in self._scores]
        self.todo = sorted(left, key=lambda task: task.number in self._failed)
        self._pace = _Pace(len(self.todo))

    def tasks(self) -> Iterator[Task]:
        """What is left to ask; what needs a thing that has gone away is entered without being asked."""
        for task in self.todo:
            outage, why = self._outages.gone(task.case)
            if outage:
                unasked = fault(task.case, f"not asked: {why}", repeat=task.repeat)
                self._keep(task, unasked)
                self._missed.add(task.number)
            else:
                yield task

    def enter(self, reply: Reply) -> None:
        self._outages.note(reply)
        if reply.outage:
            self._missed.add(reply.task.number)
        self._keep(reply.task, reply.score)

    def close(self) -> Run:
        """The run, finished where nothing was missing."""
        error = self._outages.error()
        if error and not any(score.verdict is not Verdict.HARNESS_ERROR for score in self._scores.values()):
            raise error
        if not self._missed and self.info.finished is None:
            finished = self._store.finish(self.info.id).finished if self._store else now()
            self.info = replace(self.info, finished=finished)
        return Run(self.info, tuple(self._scores[task.number] for task in self._plan))

    def _begun(self) -> dict[int, Score]:
        """The scores that are kept of an earlier try."""
        if self._store is None:
            self.info = replace(self.info, started=self.info.started or now())
            return {}
        known = self._store.find(self.info.id)
        if known is None:
            self.info = self._store.create(self.info)
            return {}
        _require_same(known, self.info)
        self._store.arrange(self.info.id, [_key(task) for task in self._plan])
        old = {_key_of(score): score for score in self._store.get(known.id).scores}
        known_scores = {
            task.number: score
            for task in self._plan
            if (score := old.get(_key(task))) is not None and score.fingerprint == fingerprint(task.case)
        }
        self._failed = {n for n, score in known_scores.items() if score.verdict is Verdict.HARNESS_ERROR}
        kept = {n: score for n, score in known_scores.items() if n not in self._failed}
        self.info = known if len(kept) == len(self._plan) else self._store.reopen(known.id)
        return kept

    def _keep(self, task: Task, score: Score) -> None:
        self._scores[task.number] = score
        if self._store:
            self._store.append(self.info.id, score, task.number)
        left = self._pace.left()
        if self._progress:
            self._progress(score, len(self._scores), len(self._plan), left)


class _Pace:
    """Seconds that are left, by how quickly the scores came since the first of them."""

    def __init__(self, todo: int) -> None:
        self._todo = todo
        self._done = 0
        self._first = 0.0

    def left(self) -> float | None:
        """Called once for each new score."""
        self._done += 1
        moment = time.monotonic()
        if self._done == 1:
            self._first = moment
            return None
        return (moment - self._first) / (self._done - 1) * (self._todo - self._done)


def _key(task: Task) -> Key:
    return task.case.suite, task.case.id, task.repeat


def _key_of(score: Score) -> Key:
    return score.suite, score.case, score.repeat


def _require_same(known: RunInfo, wanted: RunInfo) -> None:
    """Raise SettingsError where a run would mix two things."""
    for name in _SAME:
        before, after = (_comparable(getattr(info, name)) for info in (known, wanted))
        unknown = name in _FINGERPRINTS and not (before and after)
        if before != after and not unknown:
            raise SettingsError(
                f"The run {known.id} was made with {name} {before!r}, not {after!r}; begin a new run."
            )


def _comparable(fact: object) -> object:
    return sorted(fact) if isinstance(fact, tuple) else fact


_FINGERPRINTS = ("checksum", "schema", "database")
_SAME = ("suites", "model", "setup", "seed", "repeats", "variants", *_FINGERPRINTS)
