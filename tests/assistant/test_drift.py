"""A database that changes under a workspace: what is left out, what goes on, what a person is told."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.live import Live
from assistant.workspace import Workspace
from graph import models
from graph.outcome import Answered, Refused
from tests.assistant.conftest import GLOSSARY, RULES, Quarry
from tests.conftest import SHOP_SQL, FakeModel
from tests.servers.postgres import postgres

ORDERS = "SELECT COUNT(*) AS orders FROM orders"
PRODUCTS = "SELECT COUNT(*) AS products FROM products"
CUSTOMERS = "SELECT COUNT(*) AS customers FROM customers"


def change(shop: Path, *statements: str) -> None:
    with sqlite3.connect(shop / "shop.sqlite") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def say(monkeypatch: pytest.MonkeyPatch, *texts: str) -> None:
    monkeypatch.setattr(models, "open_model", lambda *given, **options: FakeModel(*texts))


def outcome(shop: Path, question: str = "how many customers are there") -> Answered | Refused:
    with Workspace.open(shop) as workspace:
        found = workspace.live.ask(question).outcome
    assert isinstance(found, Answered | Refused), found
    return found


def test_a_workspace_that_fits_its_database_has_nothing_left_out(quarry: Quarry, shop: Path) -> None:
    done = quarry("drift", "-w", str(shop))
    assert done.code == 0
    assert done.out.strip() == "Nothing is left out: all of the knowledge holds for the database as it is."


def test_a_renamed_column_is_listed_with_file_line_and_what_to_do(quarry: Quarry, shop: Path) -> None:
    change(shop, "ALTER TABLE orders RENAME COLUMN amount TO total")
    done = quarry("drift", "-w", str(shop))
    assert done.code == 13
    said = done.out
    assert "the column orders.amount is gone; it may be orders.total now" in said
    assert "knowledge/glossary.yaml, line 5  revenue" in said
    assert "knowledge/examples.yaml, line 5  Revenue by product category" in said
    assert "write `orders.total` there, if that is the same thing under a new name" in said
    assert "How many customers do we have?" not in said


def test_json_tells_the_same_to_machines(quarry: Quarry, shop: Path) -> None:
    change(shop, "ALTER TABLE orders RENAME COLUMN amount TO total")
    said = json.loads(quarry("drift", "--json", "-w", str(shop)).out)
    assert said["renames"] == {"orders.amount": "orders.total"}
    assert {entry["kind"] for entry in said["left_out"]} == {"term", "example"}
    assert said["closed"] == {}


def test_the_rest_goes_on_and_the_index_follows_by_itself(
    quarry: Quarry, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(shop, "ALTER TABLE orders RENAME COLUMN amount TO total", "CREATE TABLE shops (shop_id INTEGER)")
    say(monkeypatch, PRODUCTS)
    done = quarry("ask", "how many products are there", "-w", str(shop))
    assert done.code == 0, done.error
    assert "bringing the index up to date" in done.error
    assert "2 entries of the knowledge are left out" in done.error
    with Workspace.open(shop) as workspace:
        workspace.check_index()
        assert "shops" in {card.table for card in workspace.cards}
        assert [term.term for term in workspace.glossary] == ["customer"]


def test_only_what_changed_is_embedded_and_looked_at_again(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(shop, "ALTER TABLE products ADD COLUMN colour TEXT")
    with Workspace.open(shop) as workspace:
        embedded: list[str] = []
        embed = workspace.embedder.embed

        def spy(texts: list[str]) -> NDArray[np.float32]:
            embedded.extend(texts)
            return embed(texts)

        monkeypatch.setattr(workspace.embedder, "embed", spy)
        workspace.follow_schema()
        assert [text.splitlines()[0] for text in embedded] == ["products"]


def test_a_required_filter_that_cannot_hold_closes_its_table_until_it_is_mended(
    quarry: Quarry, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(shop, "ALTER TABLE customers RENAME COLUMN is_test TO is_internal")
    say(monkeypatch, CUSTOMERS)
    refused = outcome(shop)
    assert isinstance(refused, Refused)
    assert refused.reason == (
        "Answers from customers are refused until the rule no-test-accounts is mended: "
        "the column customers.is_test is gone."
    )
    say(monkeypatch, PRODUCTS)
    assert isinstance(outcome(shop, "how many products are there"), Answered)
    assert "answers from customers are refused" in quarry("doctor", "-w", str(shop)).out
    (shop / "knowledge" / "rules.yaml").write_text(RULES.replace("is_test", "is_internal"))
    say(monkeypatch, CUSTOMERS)
    mended = outcome(shop)
    assert isinstance(mended, Answered)
    assert "is_internal = 0" in mended.sql
    assert mended.result.rows == ((3,),)


def test_personal_data_under_a_new_name_is_not_shown(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(shop, "ALTER TABLE customers RENAME COLUMN email TO mail")
    say(monkeypatch, "SELECT c.mail FROM customers c")
    assert isinstance(outcome(shop, "how can we reach our customers"), Refused)


def test_a_dropped_table_leaves_out_what_names_it_and_refuses_nothing(
    quarry: Quarry, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(shop, "DROP TABLE products")
    done = quarry("drift", "-w", str(shop))
    assert "the table products is gone" in done.out
    assert "Examples: 1 left out" in done.out
    assert "refused" not in done.out
    say(monkeypatch, ORDERS)
    assert isinstance(outcome(shop), Answered)


def test_a_changed_type_is_left_out_until_a_person_accepts_it(quarry: Quarry, shop: Path) -> None:
    with sqlite3.connect(shop / "shop.sqlite") as connection:
        connection.executescript(
            "PRAGMA writable_schema = ON;"
            "UPDATE sqlite_master SET sql = replace(sql, 'amount REAL', 'amount TEXT') WHERE name = 'orders';"
        )
    connection.close()
    done = quarry("drift", "-w", str(shop))
    assert done.code == 13
    assert "the type of orders.amount changed from REAL to TEXT" in done.out
    assert "then run `quarry drift --accept`" in done.out
    assert quarry("drift", "--accept", "-w", str(shop)).code == 0
    with Workspace.open(shop) as workspace:
        assert "revenue" in {term.term for term in workspace.glossary}


def test_cases_and_suites_that_cannot_be_asked_any_more_are_listed(quarry: Quarry, shop: Path) -> None:
    change(shop, "ALTER TABLE customers RENAME COLUMN is_test TO is_internal")
    (shop / "evals" / "broken.yaml").write_text("cases: 5\n")
    said = quarry("drift", "-w", str(shop)).out
    assert "evals/dev.yaml, line 2  one" in said
    assert "broken" in said


def test_a_new_table_alone_is_soon_known(quarry: Quarry, shop: Path) -> None:
    change(shop, "CREATE TABLE shops (shop_id INTEGER PRIMARY KEY)")
    assert quarry("drift", "-w", str(shop)).code == 0
    assert "shops" not in quarry("drift", "-w", str(shop)).out


def test_a_mistake_in_a_glossary_stops_nobody_and_is_told(quarry: Quarry, shop: Path) -> None:
    (shop / "knowledge" / "glossary.yaml").write_text(GLOSSARY.replace("orders.amount", "orders.amuont"))
    done = quarry("drift", "-w", str(shop))
    assert done.code == 13
    assert "did you mean `amount`?" in done.out
    assert "correct it, or remove it" in done.out


def test_a_running_assistant_goes_on_and_picks_the_new_schema_up(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, "SELECT COUNT(*) AS n FROM shops", PRODUCTS, PRODUCTS)
    told: list[str] = []
    with Workspace.open(shop) as workspace:
        live = Live(workspace, told.append, every=0.0)
        before = live.workspace
        change(shop, "CREATE TABLE shops (shop_id INTEGER)", "INSERT INTO shops VALUES (1), (2)")
        live.ask("how many products are there")
        live.wait()
        assert live.workspace is not before
        assert "shops" in live.workspace.schema.by_name
        answered = live.ask("how many shops are there").outcome
        live.wait()
        live.close()
    assert isinstance(answered, Answered)
    assert answered.result.rows == ((2,),)
    assert told == []


@pytest.fixture
def served(shop: Path) -> Iterator[tuple[Path, str]]:
    """The workspace on a real PostgreSQL, indexed anew."""
    import psycopg

    with postgres() as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(SHOP_SQL.encode())
        toml = (shop / "quarry.toml").read_text().replace("sqlite:///shop.sqlite", server.url)
        (shop / "quarry.toml").write_text(toml)
        with Workspace.open(shop) as workspace:
            workspace.prepare(lambda doing: None)
        yield shop, server.url


def test_drift_of_a_postgresql_is_seen_and_followed(
    quarry: Quarry, served: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    shop, url = served
    assert quarry("drift", "-w", str(shop)).code == 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE orders RENAME COLUMN amount TO total")
        connection.execute("ALTER TABLE customers ALTER COLUMN is_test TYPE BOOLEAN USING is_test = 1")
        connection.execute("CREATE TABLE shops (shop_id INTEGER PRIMARY KEY)")
    said = quarry("drift", "-w", str(shop)).out
    assert "the column orders.amount is gone; it may be orders.total now" in said
    assert "the type of customers.is_test changed from INTEGER to BOOLEAN" in said
    assert "Answers from customers are refused until the rule no-test-accounts is mended" in said
    say(monkeypatch, PRODUCTS)
    assert isinstance(outcome(shop, "how many products are there"), Answered)
