"""Many people, two processes of the real app on PostgreSQL, and everything that goes wrong, at once."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from feedback.database import FeedbackDatabase
from feedback.log import Feedback
from feedback.tables import JOBS
from tests.bench.row import percentile_95
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, Faults, LoopbackSlack

FAULTS = Faults(too_many=0.02, broken=0.02, lost=0.02, twice=0.05, closing=0.002, ack_s=2.0)
_CORRECTED = "SELECT o.status, COUNT(*) AS orders FROM orders AS o GROUP BY o.status"


@dataclass(frozen=True)
class Plan:
    """What happens in the week. `seconds` is how long people ask; kills and restarts are spread over it."""

    people: int = 200
    channels: int = 20
    questions: int = 2000
    seconds: float = 100.0
    kills: int = 4
    restarts: int = 2
    follow_ups: float = 0.2
    votes: float = 0.3
    corrections: float = 0.05
    words: tuple[str, ...] = ("revenue by order status",)
    more: tuple[str, ...] = ("only paid",)
    corrected: str = _CORRECTED


@dataclass
class Week:
    """What came of it. `status_s` are seconds from event to status, `memory` bytes of each process."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    refused: int = 0
    status_s: list[float] = field(default_factory=list)
    answer_s: list[float] = field(default_factory=list)
    handed_in: int = 0
    kept: int = 0
    voted: int = 0
    votes: int = 0
    memory: list[tuple[float, int, int]] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """The largest share by which a process grew from the second quarter of its life to its last."""
        shares = [0.0]
        for pid in {pid for _, pid, _ in self.memory}:
            sizes = [size for _, one, size in self.memory if one == pid]
            if len(sizes) >= 16:
                early = sorted(sizes[len(sizes) // 4 : len(sizes) // 2])
                late = sorted(sizes[-len(sizes) // 4 :])
                shares.append(late[len(late) // 2] / early[len(early) // 2] - 1)
        return max(shares)

    def lines(self) -> list[str]:
        status, answer = self.status_s or [0.0], self.answer_s or [0.0]
        return [
            f"{len(self.asked):,} questions: {len(self.asked) - len(self.never) - len(self.twice):,} once, "
            f"of these {self.refused:,} refused politely; {len(self.never)} never, {len(self.twice)} twice",
            f"event to status: median {median(status):.2f} s, p95 {percentile_95(status):.2f} s",
            f"event to answer: median {median(answer):.2f} s, p95 {percentile_95(answer):.2f} s",
            f"corrections: {self.handed_in} handed in, {self.kept} in the log; "
            f"votes: {self.voted} cast, {self.votes} in the log",
            f"memory: at most {max(size for *_, size in self.memory) / 2**20:,.0f} MiB a process, "
            f"grown by {self.growth:.1%} at most",
        ]


class Process:
    """One process of `quarry slack run`, started again when it was killed."""

    def __init__(self, workspace: Path, settings: dict[str, str], log: Path) -> None:
        tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
        variables = {f"QUARRY_{name.upper()}": value for name, value in settings.items()}
        self._environment = {**os.environ, **tokens, **variables, "NO_PROXY": "127.0.0.1"}
        self._command = [sys.executable, "-c", "from assistant.cli import main; main()"]
        self._command += ["slack", "run", "--workspace", str(workspace)]
        self._log = log
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as output:
            self.running = subprocess.Popen(
                self._command, env=self._environment, stdout=output, stderr=output
            )

    def wait(self, seconds: float = 90) -> None:
        """Until it answers."""
        until = time.monotonic() + seconds
        while b"Quarry answers" not in self._log.read_bytes():
            if self.running.poll() is not None or time.monotonic() > until:
                raise AssertionError(self._log.read_text()[-2000:])
            time.sleep(0.1)

    def kill(self) -> None:
        self.running.kill()
        self.running.wait()

    def end(self) -> None:
        self.running.send_signal(signal.SIGTERM)
        try:
            self.running.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def processes(count: int, workspace: Path, settings: dict[str, str], folder: Path) -> Iterator[list[Process]]:
    """Started one after the other, so that what the first makes ready the others find."""
    made: list[Process] = []
    try:
        for n in range(count):
            made.append(Process(workspace, settings, folder / f"app{n}.log"))
            made[-1].wait()
        yield made
    finally:
        for one in made:
            one.end()


def week(
    plan: Plan,
    loopback: LoopbackSlack,
    apps: list[Process],
    log_url: str,
    restart: Callable[[], None] | None = None,
) -> Week:
    """Ask, follow up, vote and correct, while processes are killed and the log's database restarts."""
    found, draw, stop = Week(), random.Random(11), threading.Event()
    watching = threading.Thread(target=_watch, args=(apps, found, stop))
    watching.start()
    troubling = threading.Thread(target=_trouble, args=(plan, apps, restart))
    with ThreadPoolExecutor(48) as people:
        troubling.start()
        for n in range(plan.questions):
            people.submit(_person, plan, loopback, found, random.Random(n), draw.randrange(plan.people))
            time.sleep(plan.seconds / plan.questions)
        troubling.join()
    _settle(loopback, found)
    stop.set()
    watching.join()
    _judge(loopback, found, log_url)
    return found


def _person(plan: Plan, loopback: LoopbackSlack, found: Week, draw: random.Random, number: int) -> None:
    """One asks; when the answer is there, they go on, vote or correct."""
    user, channel = f"U{1000 + number}", f"C{draw.randrange(plan.channels):03}"
    ts = loopback.mention(user, channel, draw.choice(plan.words))
    found.asked.append((channel, ts, ts))
    if draw.random() > plan.follow_ups + plan.votes + plan.corrections:
        return
    message = _first(loopback, channel, ts)
    if message is None or "vote" not in str(message["blocks"]):
        return
    told = draw.random() * (plan.follow_ups + plan.votes + plan.corrections)
    if told < plan.follow_ups:
        more = loopback.say(user, channel, draw.choice(plan.more), ts)
        found.asked.append((channel, more, ts))
        return
    turn = str(message["blocks"][-1]["elements"][0]["positive_button"]["value"]).partition(":")[2]
    loopback.click(user, message, "vote", f"{'up' if told < plan.follow_ups + plan.votes else 'down'}:{turn}")
    found.voted += 1
    if told >= plan.follow_ups + plan.votes:
        _correct(plan, loopback, found, user, turn)


def _correct(plan: Plan, loopback: LoopbackSlack, found: Week, user: str, turn: str) -> None:
    """What the app took is to be in the log; a window that was lost is no correction."""
    mark = f'"turn": {turn},'
    until = time.monotonic() + 10
    while time.monotonic() < until:
        view = next((v for v in list(loopback.views.values()) if mark in v.get("private_metadata", "")), None)
        if view is not None:
            if loopback.submit(user, view, sql=plan.corrected, comment="count them") is None:
                found.handed_in += 1
            return
        time.sleep(0.1)


def _first(loopback: LoopbackSlack, channel: str, ts: str, seconds: float = 60) -> dict[str, Any] | None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if said := loopback.of_bot(channel, ts):
            return said[0]
        time.sleep(0.2)
    return None


def _trouble(plan: Plan, apps: list[Process], restart: Callable[[], None] | None) -> None:
    events: list[Callable[[], None]] = [lambda n=n: _kill(apps[n % len(apps)]) for n in range(plan.kills)]
    events += [restart] * plan.restarts if restart is not None else []
    random.Random(5).shuffle(events)
    for event in events:
        time.sleep(plan.seconds / (len(events) + 1))
        event()


def _kill(app: Process) -> None:
    app.kill()
    app.start()


def _watch(apps: list[Process], found: Week, stop: threading.Event) -> None:
    begun = time.monotonic()
    while not stop.wait(1.0):
        for app in apps:
            try:
                size = psutil.Process(app.running.pid).memory_info().rss
            except psutil.Error:
                continue
            found.memory.append((time.monotonic() - begun, app.running.pid, size))


def _said_to(loopback: LoopbackSlack) -> dict[tuple[str, str], int]:
    """(channel, thread) -> how many answers stand there; notes and previews do not count."""
    counts: dict[tuple[str, str], int] = {}
    for channel, messages in list(loopback.messages.items()):
        for message in list(messages):
            kind = (message.get("metadata") or {}).get("event_payload", {}).get("kind")
            if kind == "answer":
                key = (channel, str(message.get("thread_ts")))
                counts[key] = counts.get(key, 0) + 1
    return counts


def _wanted(found: Week) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for channel, _, thread in found.asked:
        counts[channel, thread] = counts.get((channel, thread), 0) + 1
    return counts


def _settle(loopback: LoopbackSlack, found: Week, seconds: float = 150) -> None:
    """Until every question has its answer, or time is up; then a little longer, for what is twice."""
    until = time.monotonic() + seconds
    wanted = _wanted(found)
    while time.monotonic() < until:
        said = _said_to(loopback)
        if all(said.get(key, 0) >= count for key, count in wanted.items()):
            break
        time.sleep(0.5)
    time.sleep(5)


def _judge(loopback: LoopbackSlack, found: Week, log_url: str) -> None:
    said, wanted = _said_to(loopback), _wanted(found)
    log = Feedback(FeedbackDatabase(log_url))
    found.never = [_where(log, *key) for key, count in wanted.items() if said.get(key, 0) < count]
    found.twice = [f"{key}" for key, count in said.items() if count > wanted.get(key, 0)]
    first: dict[str, float] = {}
    for at, _, thread, _ in loopback.statuses:
        first.setdefault(thread, at)
    for channel, ts, thread in found.asked:
        if ts == thread and ts in first:
            found.status_s.append(first[ts] - loopback.sent[ts])
        answers = loopback.of_bot(channel, thread)
        if ts == thread and answers:
            found.answer_s.append(answers[0]["at"] - loopback.sent[ts])
    texts = [m["text"] for messages in loopback.messages.values() for m in messages if m["user"] == "U0BOT"]
    found.refused = sum("waiting already" in text or "are waiting, more" in text for text in texts)
    with log.database.read() as connection:
        count = connection.exec_driver_sql("SELECT COUNT(*) FROM corrections").scalar()
        votes = connection.exec_driver_sql("SELECT COUNT(*) FROM votes").scalar()
    found.kept, found.votes = int(count or 0), int(votes or 0)
    log.close()


def _where(log: Feedback, channel: str, thread: str) -> str:
    """What the log knows of a thread that lacks an answer."""
    wanted = JOBS.select().where(JOBS.c.channel == channel, JOBS.c.thread == thread)
    with log.database.read() as connection:
        jobs = [(row.state, row.attempts, row.why, row.worker) for row in connection.execute(wanted)]
    return f"{channel} {thread}: {jobs or 'not in the log'}"
