"""A run on disk: one JSON line a case, appended as soon as it is scored, so that nothing is lost."""

import datetime as dt
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.runs.score import Score
from knowledge.errors import SettingsError


@dataclass(frozen=True)
class Header:
    """What was measured: a suite, by a model, on a database of this schema."""

    suite: str = ""
    model: str = ""
    schema: str = ""
    started: str = ""

    def same(self, other: "Header") -> bool:
        return (self.suite, self.model, self.schema) == (other.suite, other.model, other.schema)


class Journal:
    """Appends to and reads one file. A last line that was torn by a crash is dropped."""

    def __init__(self, path: Path, header: Header) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = _lines(path) if path.exists() else []
        try:
            self.scores = [Score.from_json(line["score"]) for line in lines[1:]]
            self.header = Header(**lines[0]["run"]) if lines else header
        except (KeyError, TypeError, ValueError):
            raise SettingsError(f"{path} {_STRANGE}") from None
        if not self.header.same(header):
            raise SettingsError(
                f"{path} holds a run of {_described(self.header)}, not of {_described(header)};"
                " give this run another name."
            )
        self._rewrite(lines or [{"run": asdict(header)}])

    def append(self, score: Score) -> None:
        self.scores.append(score)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_written({"score": score.to_json()}))
            file.flush()
            os.fsync(file.fileno())

    def _rewrite(self, lines: list[dict[str, Any]]) -> None:
        new = self.path.with_suffix(".new")
        new.write_text("".join(map(_written, lines)), encoding="utf-8")
        new.replace(self.path)


def run_path(folder: Path, suite: str, now: dt.datetime) -> Path:
    """Where a new run of a suite is kept: `dev-20251114-093000.jsonl`."""
    return folder / f"{suite}-{now:%Y%m%d-%H%M%S}.jsonl"


def latest_run(folder: Path, suite: str) -> Path | None:
    """The newest run of a suite, or None."""
    found = sorted(folder.glob(f"{suite}-????????-??????.jsonl"))
    return found[-1] if found else None


def _lines(path: Path) -> list[dict[str, Any]]:
    *whole, _torn = path.read_text(encoding="utf-8").split("\n")
    try:
        return [json.loads(line) for line in whole]
    except json.JSONDecodeError:
        raise SettingsError(f"{path} {_STRANGE}") from None


def _written(line: dict[str, Any]) -> str:
    return json.dumps(line, default=str) + "\n"


def _described(header: Header) -> str:
    return f"{header.suite or 'a suite'} with {header.model or 'a model'} on schema {header.schema or '?'}"


_STRANGE = "is no run of this Quarry's; delete it or give this run another name."
