"""The gate's decisions, each kept whole in a file of its own, whatever became of the candidate."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

from evals.releases.candidate import Candidate
from evals.releases.decision import Decision
from evals.releases.durable import write_durably
from evals.runs.info import Run
from knowledge.errors import ModelError

_ODD = re.compile(r"[^A-Za-z0-9._-]+")


def verdict_json(candidate: Candidate, decision: Decision, run: Run, against: Run | None, base: str) -> Any:
    """A decision with what it was about. `base` is the release that it was held against, by name."""
    return {
        "candidate": candidate.name,
        "checksum": candidate.checksum,
        "run": run.info.id,
        "against": (base or "quarry.toml") if against else None,
        "against_run": against.info.id if against else None,
        "suites": list(run.info.suites),
        **decision.to_json(),
    }


def keep_verdict(folder: Path, said: dict[str, Any], when: dt.datetime) -> Path:
    """Write `verdict_json` to a new file of `folder`. Raises ModelError where that cannot be written."""
    name = f"{when:%Y%m%d-%H%M%S}-{_ODD.sub('-', said['candidate'])}-{said['run']}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_durably(folder / name, json.dumps(said, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise ModelError(
            f"The verdict cannot be written to {folder} ({error.strerror}); mend that and run it again."
        ) from None
    return folder / name
