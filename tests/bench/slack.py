"""From a mention to the answer, in the real app with the model that ships: alone, and ten people at once."""

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.places import questions
from tests.bench.row import Row, of_series
from tests.load.week import processes
from tests.servers.slack import LoopbackSlack, slack

TITLE = "In Slack, from the mention to the answer"
PEOPLE = 10
EACH = 3
_NOTE = "One process against the loopback Slack; ten people ask three questions each, all at the same time."


def measure(folder: Path) -> list[Row]:
    asked = questions()
    with tempfile.TemporaryDirectory() as place, slack() as loopback:
        demo = Path(shutil.copytree(folder, Path(place) / "demo"))
        with processes(1, demo, {"slack_api": loopback.api}, Path(place)):
            _ask(loopback, "U0", asked[:2])
            alone = _ask(loopback, "U0", asked)
            with ThreadPoolExecutor(PEOPLE) as pool:
                given = [(asked * EACH)[n * EACH : (n + 1) * EACH] for n in range(PEOPLE)]
                people = [f"U{n}" for n in range(1, PEOPLE + 1)]
                together = [
                    t for times in pool.map(lambda p, q: _ask(loopback, p, q), people, given) for t in times
                ]
    return [
        of_series("the answer, alone", alone),
        of_series("the answer, ten people at once", together, note=_NOTE),
        of_series("the status under the question", _statuses(loopback), goal=1.0),
    ]


def _ask(loopback: LoopbackSlack, person: str, asked: list[str]) -> list[float]:
    """One question after the other; seconds of each."""
    times = []
    for question in asked:
        ts = loopback.mention(person, f"C{person}", question)
        (said, *_) = loopback.wait(lambda ts=ts: loopback.of_bot(f"C{person}", ts), 120)
        times.append(said["at"] - loopback.sent[ts])
    return times


def _statuses(loopback: LoopbackSlack) -> list[float]:
    first: dict[str, float] = {}
    for at, _, thread, _ in loopback.statuses:
        first.setdefault(thread, at)
    return [at - loopback.sent[ts] for ts, at in first.items() if ts in loopback.sent]
