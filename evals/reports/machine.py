"""A run for machines: what it was, its figures, and one entry a case."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from evals.metrics.summary import Summary
from evals.runs.info import Run, RunInfo


def to_json(run: Run, summary: Summary, *, scores: bool = True) -> dict[str, Any]:
    """Nothing but what JSON knows; without `scores` the figures alone."""
    data: dict[str, Any] = {"run": info_json(run.info), "summary": summary.to_json()}
    if scores:
        data["scores"] = [score.to_json() for score in run.scores]
    return data


def info_json(info: RunInfo) -> dict[str, Any]:
    data = asdict(info)
    data["suites"] = list(info.suites)
    for name in ("started", "finished"):
        when: dt.datetime | None = data[name]
        data[name] = when.isoformat(timespec="seconds") if when else None
    return data
