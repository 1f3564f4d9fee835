"""What became of every candidate and every switch: JSON lines that are only ever added to."""

import datetime as dt
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from evals.releases.durable import append_line


class Happened(StrEnum):
    RELEASED = "released"
    REFUSED = "refused"
    TOO_SMALL = "too small to tell"
    ROLLED_BACK = "rolled back"


@dataclass(frozen=True)
class Event:
    """`before` answered before it and `release` afterwards; empty names are the model of quarry.toml.
    `model` is the candidate, `verdict` the file in verdicts/ with its reasons.
    """

    when: dt.datetime
    happened: Happened
    release: str
    before: str
    model: str = ""
    verdict: str = ""


def note(path: Path, event: Event) -> None:
    """Raises OSError."""
    append_line(path, json.dumps({**asdict(event), "when": event.when.isoformat()}))


def events(path: Path) -> tuple[Event, ...]:
    """All of them, oldest first. A line that was only half written, by a kill, is passed over."""
    if not path.is_file():
        return ()
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            said = json.loads(line)
            when, happened = dt.datetime.fromisoformat(said["when"]), Happened(said["happened"])
            found.append(Event(**{**said, "when": when, "happened": happened}))
        except (ValueError, TypeError, KeyError):
            continue
    return tuple(found)
