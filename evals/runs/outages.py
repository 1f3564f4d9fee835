"""A database or a model that has gone away: after a few cases in a row the rest need not try."""

from collections import Counter

from evals.runs.task import Outage, Reply
from evals.suite.case import Case
from knowledge.errors import DatabaseError, ModelError, QuarryError, SettingsError

ENOUGH = 5
_ERRORS: dict[Outage, type[QuarryError]] = {
    "database": DatabaseError,
    "model": ModelError,
    "setup": SettingsError,
}


class Outages:
    """Counts, for the model and for each database, how many cases in a row met it missing."""

    def __init__(self) -> None:
        self._met: Counter[tuple[Outage, str]] = Counter()
        self._why: dict[tuple[Outage, str], str] = {}

    def note(self, reply: Reply) -> None:
        case = reply.task.case
        if not reply.outage:
            for key in _needs(case):
                self._met[key] = 0
            return
        key = _key(reply.outage, case)
        self._met[key] += 1
        self._why[key] = reply.score.why

    def gone(self, case: Case) -> tuple[Outage, str]:
        """What the case needs that has gone away, and why; twice nothing where all is there."""
        for key in _needs(case):
            if self._met[key] >= ENOUGH:
                return key[0], self._why[key]
        return "", ""

    def error(self) -> QuarryError | None:
        """The first thing that was missing, as the error that it is."""
        for (outage, _), why in self._why.items():
            return _ERRORS[outage](why)
        return None


def _needs(case: Case) -> list[tuple[Outage, str]]:
    return [_key(outage, case) for outage in _ERRORS]


def _key(outage: Outage, case: Case) -> tuple[Outage, str]:
    return outage, "" if outage == "model" else case.database
