"""The shop of shop.py, made once in each database."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from evals.variants import make_variants
from knowledge.database import Database
from tests.evals.variants.shop import GOLDS, duckdb_shop, fill_postgres, sqlite_shop
from tests.servers.postgres import postgres
from tests.servers.process import Server

DIALECTS = ("sqlite", "duckdb", "postgres")


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{sqlite_shop(tmp_path_factory.mktemp('variants') / 'shop.sqlite')}"


@pytest.fixture(scope="session")
def duckdb_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    pytest.importorskip("duckdb")
    return f"duckdb:///{duckdb_shop(tmp_path_factory.mktemp('variants') / 'shop.duckdb')}"


@pytest.fixture(scope="session")
def postgres_shop() -> Iterator[Server]:
    with postgres() as server:
        fill_postgres(server.url)
        yield server


@pytest.fixture(params=DIALECTS)
def shop(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The URL of the shop, and the server that takes its variants where there has to be one."""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_shop").url
        return url, url
    return request.getfixturevalue(f"{request.param}_url"), ""


@pytest.fixture(scope="session")
def _variants() -> dict[str, tuple[str, ...]]:
    return {}


@pytest.fixture
def variants(
    shop: tuple[str, str], _variants: dict[str, tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, ...]:
    """Two variants of the shop, made once. Nobody writes to them."""
    if shop[0] not in _variants:
        _variants[shop[0]] = made(shop, tmp_path_factory.mktemp("made"), seed=5)
    return _variants[shop[0]]


def made(shop: tuple[str, str], folder: Path, **options: Any) -> tuple[str, ...]:
    url, into = shop
    with closing(Database.open(url)) as database:
        schema = database.schema()
    return make_variants(url, schema, folder, golds=GOLDS, into=into, **options)


def file_of(url: str) -> Path:
    return Path(url.split("///", 1)[1])
