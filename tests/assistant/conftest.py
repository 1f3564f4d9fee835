"""A small workspace, indexed once with the real embedder, and the command line as a function."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import assistant.demo
from assistant.cli import main
from assistant.preparation import prepare
from assistant.settings import Settings
from assistant.workspace import Workspace
from evals.runs.setup import Setup
from graph.context import Context
from tests.conftest import FakeModel

GLOSSARY = """\
terms:
  - term: revenue
    meaning: What customers paid for orders that were not cancelled.
    synonyms: [sales, turnover]
    metric: [SUM(orders.amount)]
    unit: EUR
    date: orders.ordered_at
  - term: customer
    meaning: A person with an account.
    synonyms: [client, shopper]
    table: customers
    label: [customers.name]
"""
RULES = """\
rules:
  - rule: no-test-accounts
    says: Accounts of our own staff never count.
    require:
      customers: "{t}.is_test = 0"
    unless_words: [test account, test accounts]
  - rule: no-personal-data
    says: Personal data stays in the database.
    forbid: [customers.email]
"""
EXAMPLES = """\
examples:
  - question: How many customers do we have?
    sql: SELECT COUNT(*) AS customers FROM customers c WHERE c.is_test = 0
  - question: Revenue by product category
    sql: >-
      SELECT p.category, SUM(o.amount) AS revenue FROM orders o
      JOIN products p ON p.product_id = o.product_id GROUP BY p.category
"""
CASES = """\
cases:
  - id: one
    question: how many shoppers are there
    category: count
    gold: SELECT COUNT(*) FROM customers WHERE is_test = 0
"""


@dataclass(frozen=True)
class Done:
    """How a command ended. `error` is what went to standard error."""

    code: int
    out: str
    error: str

    def sentence(self) -> str:
        """The one line on standard error."""
        lines = self.error.strip().splitlines()
        assert len(lines) == 1, self.error
        return lines[0]


Quarry = Callable[..., Done]


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*Settings.model_fields, "workspace"]:
        monkeypatch.delenv(f"QUARRY_{name.upper()}", raising=False)


@pytest.fixture
def quarry(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Quarry:
    """Run `quarry` with these arguments through its real entry point, in this process."""

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["quarry", *arguments])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ending:
            code = int(ending.code or 0)
        out, error = capsys.readouterr()
        return Done(code, out, error)

    return run


@pytest.fixture(scope="session")
def indexed_shop(shop_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace on the small shop with a finished index. Copy it before changing it."""
    folder = tmp_path_factory.mktemp("indexed")
    shutil.copy(shop_path, folder / "shop.sqlite")
    for name, text in {"glossary": GLOSSARY, "rules": RULES, "examples": EXAMPLES}.items():
        (folder / "knowledge").mkdir(exist_ok=True)
        (folder / "knowledge" / f"{name}.yaml").write_text(text)
    (folder / "evals").mkdir()
    (folder / "evals" / "dev.yaml").write_text(CASES)
    (folder / "quarry.toml").write_text(
        'database = "sqlite:///shop.sqlite"\nmodel = "openai:none"\ntoday = 2025-11-14\n'
    )
    with Workspace.open(folder) as workspace:
        workspace.prepare(lambda doing: None)
    return folder


@pytest.fixture
def shop(indexed_shop: Path, tmp_path: Path) -> Path:
    """A copy of the indexed workspace that a test may break."""
    return Path(shutil.copytree(indexed_shop, tmp_path / "shop"))


@pytest.fixture(scope="session")
def kestrel_context(kestrel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """The demo's knowledge with a model that always writes the same."""
    folder = tmp_path_factory.mktemp("kestrel")
    shutil.copytree(Path(assistant.demo.__file__).parent / "workspace" / "knowledge", folder / "knowledge")
    settings = f'database = "sqlite:///{kestrel}"\nmodel = "openai:none"\ntoday = 2025-11-14\n'
    (folder / "quarry.toml").write_text(settings)
    with Workspace.open(folder) as workspace:
        prepare(workspace, lambda doing: None)
        yield replace(
            workspace.make_agent(Setup()).context, model=FakeModel("SELECT COUNT(*) FROM orders AS o")
        )
