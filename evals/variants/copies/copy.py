"""What each database's copier has to offer."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from evals.variants.changes import Unit
from evals.variants.facts import TableFacts
from evals.variants.snapshot import Snapshot
from knowledge.database import Database
from knowledge.schema import Schema


class Copy(Protocol):
    """A database under a temporary name that nobody else uses."""

    def apply(self, units: Iterable[Unit]) -> tuple[int, int]:
        """Write the units, each whole or not at all; how many were taken, how many the database refused."""
        ...

    def finish(self, name: str) -> str:
        """Check all constraints and give it its name; the URL under which it is found.

        Raises DatabaseError where a constraint does not hold.
        """
        ...

    def drop(self) -> None:
        """Remove what was made so far."""
        ...


class Copier(Protocol):
    """How a database of one kind is copied."""

    def facts(self, database: Database, schema: Schema, url: str) -> dict[str, TableFacts]:
        """The tables that can be written, views and virtual tables left out."""
        ...

    def copy(self, url: str, snapshot: Snapshot, folder: Path, into: str) -> Copy:
        """An exact copy, or, of a snapshot that is a sample, the same schema with the sampled rows."""
        ...

    def existing(self, folder: Path, fingerprint: str) -> tuple[str, ...]:
        """The URLs of the finished variants of a database, in order."""
        ...

    def remove(self, folder: Path, stem: str) -> None:
        """Remove all variants of one database, whatever its fingerprint was."""
        ...
