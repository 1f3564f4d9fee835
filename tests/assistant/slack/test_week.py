"""A short week: two processes on PostgreSQL, killed, restarted and lied to; every question answered once."""

from pathlib import Path

import pytest

from tests.feedback.databases import fresh_database
from tests.load.__main__ import restart
from tests.load.week import FAULTS, Plan, processes, week
from tests.servers.fast_model import fast_model
from tests.servers.postgres import postgres
from tests.servers.slack import LoopbackSlack

pytestmark = pytest.mark.real

PLAN = Plan(people=12, channels=3, questions=60, seconds=14, kills=1, restarts=1, corrections=0.2)


def test_every_question_is_answered_once_whatever_happens(
    shop: Path, loopback: LoopbackSlack, tmp_path: Path
) -> None:
    with postgres() as server, fast_model("SELECT o.status, SUM(o.amount) FROM orders o GROUP BY 1") as model:
        url = fresh_database(server)
        settings = {"feedback": url, "slack_api": loopback.api, "model": "openai:fast", "model_url": model}
        with processes(2, shop, settings, tmp_path) as apps:
            loopback.faults = FAULTS
            found = week(PLAN, loopback, apps, url, lambda: restart(server))

    assert len(found.asked) >= PLAN.questions
    assert found.never == []
    assert found.twice == []
    assert found.kept >= found.handed_in > 0
    assert [call for call in loopback.refused if "expired_trigger_id" not in call] == []
