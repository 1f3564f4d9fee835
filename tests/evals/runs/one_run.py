"""A run in a process of its own, for a test to kill: one_run.py STORE DATABASE LOG JOBS QUESTION..."""

import sys
from pathlib import Path

from evals.runs.info import RunInfo
from evals.runs.run import run_suites
from evals.runs.store import RunStore
from tests.evals.runs.fakes import Opening, case

if __name__ == "__main__":
    where, database, log, jobs, *questions = sys.argv[1:]
    opening = Opening(Path(database), tuple((question, "slow") for question in questions), Path(log))
    store = RunStore.in_file(Path(where))
    run_suites(opening, [case(q) for q in questions], RunInfo("r", ("dev",), "fake"), store, jobs=int(jobs))
