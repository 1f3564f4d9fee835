"""What a run was: which model, in which set-up, asked which suites of which database, with which seed."""

import datetime as dt
import secrets
from dataclasses import dataclass

from evals.runs.score import Score


@dataclass(frozen=True)
class RunInfo:
    """`id` is short and unique in a workspace. `checksum` is the model file's SHA-256, empty for a model on a
    server; `schema` and `database` are fingerprints. Times are UTC; `finished` is None while cases are left.
    """

    id: str
    suites: tuple[str, ...]
    model: str
    setup: str = "full"
    checksum: str = ""
    schema: str = ""
    database: str = ""
    seed: int = 0
    repeats: int = 1
    variants: int = 0
    version: str = ""
    started: dt.datetime | None = None
    finished: dt.datetime | None = None


@dataclass(frozen=True)
class Run:
    """The scores of a run in the order of its cases; with `repeats`, those of one case stand together."""

    info: RunInfo
    scores: tuple[Score, ...]


def new_id() -> str:
    """Short enough to be typed."""
    return secrets.token_hex(4)
