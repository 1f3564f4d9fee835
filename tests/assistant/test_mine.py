"""`quarry mine`: what a log tells, what is accepted, what a person meets who gets it wrong."""

import json
from pathlib import Path

import pytest

from assistant.workspace import Workspace
from tests.assistant.conftest import Quarry

pytestmark = pytest.mark.real

LOG = """\
SELECT SUM(o.amount) AS takings FROM orders o
JOIN customers c ON c.customer_id = o.customer_id WHERE c.name <> 'x';
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.sql"
    path.write_text(LOG * 30 + "DROP TABLE orders;\n")
    return path


def test_a_log_is_told_with_what_to_write_down(shop: Path, quarry: Quarry, log: Path) -> None:
    done = quarry("mine", "-w", str(shop), str(log))
    assert done.code == 0
    assert "30 of 31 statements understood (96.8%), 1 forms." in done.out
    assert "Left out 1: is no query but DROP." in done.out
    assert "customers.customer_id = orders.customer_id" in done.out
    assert "customers: {t}.name <> 'x' (100% of 30 queries)" in done.out
    assert "--accept" in done.out


def test_what_is_accepted_stands_behind_what_people_wrote(shop: Path, quarry: Quarry, log: Path) -> None:
    rules = shop / "knowledge" / "rules.yaml"
    before = rules.read_text()
    done = quarry("mine", "-w", str(shop), str(log), "--accept")
    assert done.code == 0
    assert "1 to rules.yaml" in done.out
    assert rules.read_text().startswith(before.rstrip())
    with Workspace.open(shop) as opened:
        assert opened.rules[-1].require == {"customers": "{t}.name <> 'x'"}
    again = quarry("mine", "-w", str(shop), str(log), "--accept")
    assert "rules.yaml" not in again.out
    rules.write_text(before)


def test_patterns_are_kept_for_training(shop: Path, quarry: Quarry, log: Path) -> None:
    quarry("mine", "-w", str(shop), str(log))
    with Workspace.open(shop) as opened:
        assert json.loads(opened.patterns_path.read_text())["understood"] == 30


def test_machines_get_all_of_it(shop: Path, quarry: Quarry, log: Path) -> None:
    found = json.loads(quarry("mine", "-w", str(shop), str(log), "--json").out)
    assert found["patterns"]["with_tables"] == {"orders": 30, "customers": 30}
    assert found["proposals"]["rules"][0]["table"] == "customers"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Name a query log"),
        (("nowhere.sql",), "name a file of queries"),
        (("--from-database",), "reads PostgreSQL's pg_stat_statements"),
        (("log.sql", "--dialect", "klingon"), "There is no SQL dialect 'klingon'"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    shop: Path, quarry: Quarry, arguments: tuple[str, ...], told: str
) -> None:
    done = quarry("mine", "-w", str(shop), *arguments)
    assert done.code != 0
    assert told in done.sentence()


def test_an_empty_log_is_told(shop: Path, quarry: Quarry, tmp_path: Path) -> None:
    (tmp_path / "empty.sql").write_text("-- nothing\n")
    done = quarry("mine", "-w", str(shop), str(tmp_path / "empty.sql"))
    assert "0 of 1 statements understood" in done.out
