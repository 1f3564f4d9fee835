"""Run the week: `python -m tests.load [--questions N] [--seconds N] [--demo]`."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from tests.bench.demo import workspace
from tests.feedback.databases import fresh_database
from tests.load.week import FAULTS, Plan, processes, week
from tests.servers.fast_model import fast_model
from tests.servers.postgres import postgres
from tests.servers.process import Server
from tests.servers.slack import slack

SQL = (
    "SELECT c.name AS channel, COUNT(*) AS orders FROM orders AS o "
    "JOIN channels AS c ON c.channel_id = o.channel_id GROUP BY c.name"
)
QUESTIONS = (
    "How many orders came in last month?",
    "Top 5 products by revenue in Germany last month",
    "What was our revenue by month this year?",
    "How many customers signed up last week?",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=100.0)
    parser.add_argument("--kills", type=int, default=4)
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument(
        "--demo", action="store_true", help="with the model that ships, instead of a fast fake"
    )
    wanted = parser.parse_args()
    plan = Plan(
        questions=wanted.questions,
        seconds=wanted.seconds,
        kills=wanted.kills,
        restarts=wanted.restarts,
        words=QUESTIONS,
        more=("only in Germany", "and last year?"),
        corrected="SELECT COUNT(*) AS orders FROM orders",
    )
    with tempfile.TemporaryDirectory() as place, postgres() as server, slack() as loopback:
        folder = Path(place)
        demo = Path(shutil.copytree(workspace(), folder / "demo"))
        url = fresh_database(server)
        settings = {"feedback": url, "slack_api": loopback.api, "slack_review_channel": "C9REVIEW"}
        with fast_model(SQL) as model:
            if not wanted.demo:
                settings |= {"model": "openai:fast", "model_url": model}
            with processes(2, demo, settings, folder) as apps:
                loopback.faults = FAULTS
                found = week(plan, loopback, apps, url, lambda: restart(server))
        print("\n".join(found.lines()))
        print(f"Slack refused {len(loopback.refused)} calls {loopback.refused[:3] or ''}")
        for path in sorted(folder.glob("app*.log")):
            shutil.copy(path, Path(tempfile.gettempdir()) / f"load-{path.name}")
    return 1 if found.never or found.twice or found.kept < found.handed_in else 0


def restart(server: Server) -> None:
    """A backend that dies takes the whole server down, and it comes up again by crash recovery."""
    import psycopg

    try:
        with psycopg.connect(server.url) as connection:
            os.kill(connection.info.backend_pid, signal.SIGKILL)
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        pass


if __name__ == "__main__":
    sys.exit(main())
