"""A run as a file for other tools: JSON, JSON lines, CSV, Parquet."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from evals.runs.info import Run
from evals.runs.score import Score
from knowledge.errors import SettingsError

FORMATS = ("json", "jsonl", "csv", "parquet")


def export(run: Run, kind: str) -> bytes:
    """`json` holds the run and its scores; the others hold a line or a row for each score, with the run's
    id, model and set-up first. In `csv` and `parquet`, lists and the record are JSON texts.

    Raises SettingsError for a format that there is not, or whose library is missing.
    """
    if kind not in _WRITERS:
        raise SettingsError(f"A run cannot be exported as {kind!r}; take one of {', '.join(FORMATS)}.")
    return _WRITERS[kind](run)


def _json(run: Run) -> bytes:
    data = {"run": asdict(run.info), "scores": [score.to_json() for score in run.scores]}
    return json.dumps(data, default=str, indent=1).encode()


def _lines(run: Run) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in _rows(run)).encode()


def _csv(run: Run) -> bytes:
    rows = [{name: _flat(value) for name, value in row.items()} for row in _rows(run)]
    file = io.StringIO()
    writer = csv.DictWriter(file, _names(run))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8", "replace")


def _parquet(run: Run) -> bytes:
    import pandas as pd

    rows = [{name: _flat(value) for name, value in row.items()} for row in _rows(run)]
    file = io.BytesIO()
    try:
        pd.DataFrame(rows, columns=_names(run)).to_parquet(file, engine="pyarrow")
    except ImportError:
        raise SettingsError("Parquet needs pyarrow; run pip install pyarrow, or export as csv.") from None
    return file.getvalue()


def _rows(run: Run) -> list[dict[str, Any]]:
    info = {"run": run.info.id, "model": run.info.model, "setup": run.info.setup}
    return [{**info, **score.to_json()} for score in run.scores]


def _names(run: Run) -> list[str]:
    return ["run", "model", "setup", *(field.name for field in fields(Score))]


def _flat(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


_WRITERS: dict[str, Callable[[Run], bytes]] = {
    "json": _json,
    "jsonl": _lines,
    "csv": _csv,
    "parquet": _parquet,
}
