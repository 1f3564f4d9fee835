"""The demo company generated once, what is made of it, and a tiny network that has learnt a few rows."""

import datetime as dt
import os
import sqlite3
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from assistant.demo import generate as generating
from tests.conftest import TODAY
from training.material import Material, Source
from training.network import Shape, Specialist, make_network
from training.rows import Rows, encode
from training.senses import Senses
from training.standing import Recipe
from training.synthesis import Row
from training.tokenizer import end_of, schema_tokens, train_tokenizer
from training.train import train

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

WORKSPACE = Path(generating.__file__).with_name("workspace")
ROWS = 3000
SHAPE = Shape(width=64, layers=2, inner=192)

GLOSSARY = """\
terms:
  - term: revenue
    meaning: What customers paid for orders that were not cancelled.
    synonyms: [sales, turnover]
    metric: [SUM(orders.amount)]
    date: orders.ordered_at
  - term: order
    meaning: What a customer bought.
    table: orders
    date: orders.ordered_at
    verbs: {orders.ordered_at: [placed, made]}
"""
RULES = """\
rules:
  - rule: no-test-accounts
    says: Accounts of our own staff never count.
    require: {customers: "{t}.is_test = 0"}
"""


ATLAS = """
CREATE TABLE land (
  land_name TEXT, area_km REAL, population INTEGER, capital TEXT, highest_point TEXT,
  highest_elevation INTEGER
);
CREATE TABLE river (river_name TEXT, length INTEGER, runs_through TEXT);
CREATE TABLE border (land_name TEXT, neighbour TEXT);
""" + "".join(
    f"INSERT INTO land VALUES ('Land{name}', {area}, {area * 70}, 'City{name}', 'Peak{name}', {area * 9});"
    f"INSERT INTO river VALUES ('River{name}', {area + 100}, 'Land{name}');"
    f"INSERT INTO river VALUES ('Long River', 900, 'Land{name}');"
    f"INSERT INTO border VALUES ('Land{name}', 'Land{other}'), ('Land{other}', 'Land{name}');"
    for area, name, other in zip(range(10, 36, 2), "abcdefghijklm", "bcdefghijklma", strict=True)
)


@pytest.fixture(scope="session")
def material(kestrel: Path, tmp_path_factory: pytest.TempPathFactory) -> Material:
    work = tmp_path_factory.mktemp("material")
    return Material(Source(f"sqlite:///{kestrel}", WORKSPACE / "knowledge", work, TODAY, work))


@pytest.fixture(scope="session")
def rows(material: Material) -> list[Row]:
    return list(islice(material.synthesiser(5).rows(), ROWS))


@pytest.fixture(scope="session")
def shop_source(shop_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Source:
    folder = tmp_path_factory.mktemp("shop-knowledge")
    for name, text in {"glossary": GLOSSARY, "rules": RULES, "examples": "examples: []\n"}.items():
        (folder / f"{name}.yaml").write_text(text)
    return Source(f"sqlite:///{shop_path}", folder, folder, dt.date(2025, 11, 14), folder / "work")


@pytest.fixture(scope="session")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """A database of which nothing is told: no keys, no glossary, no rules."""
    folder = tmp_path_factory.mktemp("atlas")
    with sqlite3.connect(folder / "atlas.sqlite") as connection:
        connection.executescript(ATLAS)
    connection.close()
    return Material(Source(f"sqlite:///{folder / 'atlas.sqlite'}", folder, folder, TODAY, folder))


@pytest.fixture(scope="session")
def tokenizer(material: Material, rows: list[Row]) -> Tokenizer:
    texts = [text for row in rows for text in (row.prompt, row.target)]
    return train_tokenizer(texts, schema_tokens(material.catalogue), 1500)


@dataclass(frozen=True)
class Learnt:
    """A network, and the rows that it was trained on again and again."""

    network: Specialist
    tokenizer: Tokenizer
    rows: list[Row]


@pytest.fixture(scope="session")
def learnt(tokenizer: Tokenizer, rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Learnt:
    few = [row for row in rows if len(row.target) < 160][:40]
    network = Specialist(make_network(tokenizer, SHAPE, seed=7), None)
    made = (encode(tokenizer, row.prompt, row.target, SHAPE.context) for row in few)
    encoded = Rows.of(row for row in made if row)
    recipe = Recipe(minutes=0.1, batch=16, rate=4e-3, warmup=10)
    train(
        network,
        end_of(tokenizer),
        encoded,
        encoded,
        tmp_path_factory.mktemp("learnt"),
        recipe,
        lambda line: None,
    )
    network.senses = Senses(SHAPE.width)  # MiniLM would take most of so short a training's time
    return Learnt(network, tokenizer, few)
