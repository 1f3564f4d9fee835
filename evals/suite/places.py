"""The database of each case, opened once."""

from dataclasses import replace
from types import TracebackType
from typing import Self

from evals.suite.case import Case
from graph.checks import CheckContext
from knowledge.clock import FrozenClock
from knowledge.database import Database
from knowledge.errors import QuarryError


class Places:
    """Where cases are tried: the workspace's database, or their own. Closes what it has opened."""

    def __init__(self, database: Database, context: CheckContext) -> None:
        self._database, self._context = database, context
        self._opened: dict[str, tuple[Database, CheckContext] | QuarryError] = {}
        self._told: set[str] = set()

    def of(self, case: Case) -> tuple[Database, CheckContext]:
        """Raises QuarryError where the case's own database cannot be opened; it is tried once.

        The rules hold for a database of the same schema only.
        """
        database, context = self._database, self._context
        if case.database:
            if case.database not in self._opened:
                self._opened[case.database] = self._open(case.database)
            opened = self._opened[case.database]
            if isinstance(opened, QuarryError):
                raise opened
            database, context = opened
        clock = context.clock if case.today is None else FrozenClock(case.today)
        return database, replace(context, question=case.question, clock=clock)

    def first_trouble(self, case: Case) -> bool:
        """Whether this is the first case to be told that its database cannot be opened."""
        first = case.database not in self._told
        self._told.add(case.database)
        return first

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for opened in self._opened.values():
            if not isinstance(opened, QuarryError):
                opened[0].close()

    def _open(self, url: str) -> tuple[Database, CheckContext] | QuarryError:
        try:
            database = Database.open(url)
        except QuarryError as error:
            return error
        try:
            schema = database.schema()
        except QuarryError as error:
            database.close()
            return error
        same = schema.fingerprint == self._context.schema.fingerprint
        return database, replace(self._context, schema=schema, rules=self._context.rules if same else ())
