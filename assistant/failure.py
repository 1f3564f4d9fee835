"""Faults of Quarry's own: a person gets one sentence, the details go into a file."""

import datetime as dt
import platform
import traceback
from pathlib import Path

from knowledge.errors import QuarryError


class InternalError(QuarryError):
    """Quarry failed in a way that it should not."""


def note_bug(bug: BaseException, log: Path) -> InternalError:
    """Write the traceback to `log`; the error that is returned says so."""
    told = "".join(traceback.format_exception(bug))
    entry = f"--- {dt.datetime.now():%Y-%m-%d %H:%M:%S}, Python {platform.python_version()}\n{told}\n"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(entry)
    except OSError:
        return InternalError(f"Quarry failed ({type(bug).__name__}: {bug}); please report it.")
    return InternalError(
        f"Quarry failed ({type(bug).__name__}); the details are in {log}, please report it with them."
    )
