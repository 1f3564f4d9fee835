"""The releases of a workspace, on disk: a folder each, which one answers, and what happened.

    releases/r1/{card.json, NAME.gguf, NAME.pairs.jsonl}   complete, or not there at all
    current                                                which one answers (pointer.py)
    history.jsonl                                          what happened (history.py)

A release is copied and checked in a folder of another name and then renamed; `current` is replaced in one
step. So whenever a process is killed, either the release before answers or the new one, and both are whole.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from evals.releases.candidate import Candidate
from evals.releases.decision import Decision, Ruling
from evals.releases.history import Event, Happened, events, note
from evals.releases.pointer import Pointer, read_pointer
from evals.releases.shelf import Release, Shelf, number
from evals.runs.info import Run
from knowledge.errors import ModelError

__all__ = ["TOML", "Registry", "Release"]

TOML = "the model of quarry.toml"
_LOCK_SECONDS = 10


class Registry:
    """The releases under `folder`, which need not exist yet."""

    def __init__(self, folder: Path, clock: Callable[[], dt.datetime] | None = None) -> None:
        self.folder = folder
        self.pointer = folder / "current"
        self._shelf = Shelf(folder / "releases")
        self._history = folder / "history.jsonl"
        self._now = clock or (lambda: dt.datetime.now(dt.UTC))

    def current(self) -> Release | None:
        """The release that answers; None where that is the model of quarry.toml. Reads two small files.

        Raises ModelError where it is missing or its card is damaged.
        """
        name = read_pointer(self.pointer).release
        return self.get(name) if name else None

    def get(self, name: str) -> Release:
        """Raises ModelError where there is no such release, or its card is damaged."""
        return self._shelf.get(name)

    def names(self) -> tuple[str, ...]:
        """Of all releases, those with a damaged card too, oldest first."""
        return self._shelf.names()

    def releases(self) -> tuple[Release, ...]:
        """Those whose card can be read, oldest first."""
        found = []
        for name in self.names():
            try:
                found.append(self.get(name))
            except ModelError:
                continue
        return tuple(found)

    def history(self) -> tuple[Event, ...]:
        """What happened, oldest first."""
        return events(self._history)

    def verify(self, release: Release, schema: str = "") -> None:
        """Read its files and hold them against its card. Raises ModelError for one that is missing, cut short
        or changed; and, where the fingerprint of a `schema` is given, for a release scored on another.
        """
        self._shelf.verify(release)
        if schema and release.card.schema_fingerprint not in ("", schema):
            raise ModelError(
                f"The release {release.name} was scored on another schema than the database has now; "
                "score it, or a model trained on this schema, with `quarry release MODEL`."
            )

    def release(
        self,
        candidate: Candidate,
        run: Run,
        decision: Decision,
        *,
        base: str,
        base_run: str = "",
        verdict: str = "",
    ) -> Release:
        """Copy the candidate that `decision` ships, and switch to it. `base` is the release that it was held
        against, empty for the model of quarry.toml; `verdict` the name of the file with the whole decision.

        Raises ModelError where the candidate's files changed since they were scored or cannot be copied, or
        where another release became current meanwhile; then nothing has changed.
        """
        if not decision.ships:
            raise ValueError(f"the gate's verdict on {candidate.name} is {decision.verdict.value!r}")
        if run.info.checksum not in ("", candidate.checksum):
            raise ModelError(
                f"{candidate.name} is not the file that run {run.info.id} scored; score it anew with "
                f"`quarry release {candidate.name}`."
            )
        with self._locked():
            pointer = read_pointer(self.pointer)
            if pointer.release != base:
                raise ModelError(
                    f"Meanwhile {pointer.release or TOML} became the one that answers; "
                    "run `quarry release` again, to be held against it."
                )
            name = self._next_name()
            self._shelf.add(name, candidate, run, decision, made=self._now(), base=base, base_run=base_run)
            self._switch(pointer.on_to(name), Happened.RELEASED, candidate.name, verdict)
        return self.get(name)

    def turned_down(self, candidate: Candidate, decision: Decision, verdict: str = "") -> None:
        """Keep in the history that a candidate did not ship; nothing else changes."""
        happened = Happened.REFUSED if decision.verdict is Ruling.REFUSE else Happened.TOO_SMALL
        with self._locked():
            now = read_pointer(self.pointer).release
            note(self._history, Event(self._now(), happened, now, now, candidate.name, verdict))

    def rollback(self, name: str | None = None) -> Release | None:
        """Switch back to the release before, or to the one named; None is the model of quarry.toml.

        Raises ModelError, and changes nothing, where there is none or its files are not those released.
        """
        with self._locked():
            back, release = self._back(name)
            self._switch(back, Happened.ROLLED_BACK)
        return release

    def behind(self, name: str | None = None) -> Release | None:
        """Where a rollback would go, and as `rollback` would raise; nothing changes."""
        return self._back(name)[1]

    def _back(self, name: str | None) -> tuple[Pointer, Release | None]:
        back = self._pointer_or_none().back_to(name) if name else read_pointer(self.pointer).back()
        if back is None:
            raise ModelError(f"Nothing was released before; {TOML} answers.")
        release = self.get(back.release) if back.release else None
        if release:
            self.verify(release)
        return back, release

    def _switch(self, to: Pointer, happened: Happened, model: str = "", verdict: str = "") -> None:
        before = self._pointer_or_none().release
        try:
            to.save(self.pointer)
            note(self._history, Event(self._now(), happened, to.release, before, model, verdict))
        except OSError as error:
            raise ModelError(
                f"{self.folder} cannot be written ({error.strerror or error}); mend that and look with "
                "`quarry models` which release answers."
            ) from None

    def _complete_history(self) -> None:
        """A kill between a switch and its line in the history left that out; the pointer tells of it."""
        pointer, known = self._pointer_or_none(), self.history()
        told = known[-1].release if known else ""
        if pointer.release == told or not self.pointer.is_file():
            return
        happened = Happened.RELEASED if pointer.before[-1:] == (told,) else Happened.ROLLED_BACK
        when = dt.datetime.fromtimestamp(self.pointer.stat().st_mtime, dt.UTC)
        note(self._history, Event(when, happened, pointer.release, told))

    def _pointer_or_none(self) -> Pointer:
        """A damaged one counts as none, so that a rollback to a named release mends it."""
        try:
            return read_pointer(self.pointer)
        except ModelError:
            return Pointer()

    def _next_name(self) -> str:
        """No name is given twice, not even that of a release whose folder was removed."""
        known = [*self.names(), *(event.release for event in self.history() if event.release)]
        return f"r{max(map(number, known), default=0) + 1}"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One change at a time; the lock of a killed process is free again."""
        from filelock import FileLock, Timeout

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / "lock", timeout=_LOCK_SECONDS):
                self._complete_history()
                yield
        except Timeout:
            raise ModelError(
                f"Another process is changing the releases in {self.folder}; wait for it and run this again."
            ) from None
