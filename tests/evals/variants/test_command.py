"""`quarry eval variants` through the real command line; no model is asked."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli import main
from evals.variants.make import existing
from tests.evals.variants.shop import GOLDS, sqlite_shop

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def quarry(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["quarry", "eval", "variants", *arguments])
        monkeypatch.setenv("COLUMNS", "100")
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ending:
            code = int(ending.code or 0)
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    sqlite_shop(tmp_path / "shop.sqlite")
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "evals").mkdir()
    cases = [
        f"  - {{id: c{n}, question: q{n}, category: any, gold: {json.dumps(g)}}}" for n, g in enumerate(GOLDS)
    ]
    (tmp_path / "evals" / "dev.yaml").write_text("cases:\n" + "\n".join(cases) + "\n")
    (tmp_path / "quarry.toml").write_text('database = "sqlite:///shop.sqlite"\nmodel = "openai:none"\n')
    return tmp_path


def test_it_makes_them_and_tells_what_they_catch(quarry: Command, workspace: Path) -> None:
    code, out, error = quarry("dev", "-w", str(workspace))
    assert code == 0, error
    assert "filter dropped" in out
    assert "Variant 2, 5 of 5 golds judged" in out
    assert "Making variant 2 of 2" in error
    assert len(list((workspace / ".quarry" / "variants").glob("shop-*.sqlite"))) == 2


def test_machines_get_json_and_check_makes_nothing(quarry: Command, workspace: Path) -> None:
    code, _, error = quarry("--check", "-w", str(workspace))
    assert code == 3
    assert "run quarry eval variants without --check" in error
    assert quarry("-w", str(workspace), "--count", "1")[0] == 0
    before = {path: path.stat().st_mtime_ns for path in (workspace / ".quarry" / "variants").iterdir()}
    code, out, _ = quarry("--check", "--json", "-w", str(workspace))
    told = json.loads(out)
    assert code == 0
    assert len(told["variants"]) == 1
    assert told["caught"][0] < told["caught"][1] <= told["neighbours"]
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_what_no_database_tells_apart_can_be_looked_at(quarry: Command, workspace: Path) -> None:
    code, out, _ = quarry("--show", "--count", "1", "-w", str(workspace))
    assert code == 0
    assert "gold  SELECT" in out
    assert "same  SELECT" in out


def test_a_changed_database_has_no_variants_until_they_are_made_anew(
    quarry: Command, workspace: Path
) -> None:
    import sqlite3

    assert quarry("--count", "1", "-w", str(workspace))[0] == 0
    (old,) = (workspace / ".quarry" / "variants").iterdir()
    with sqlite3.connect(workspace / "shop.sqlite") as connection:
        connection.execute("INSERT INTO notes VALUES ('new', 99)")
    connection.close()
    assert quarry("--check", "-w", str(workspace))[0] == 3
    assert quarry("--count", "1", "-w", str(workspace))[0] == 0
    (new,) = (workspace / ".quarry" / "variants").iterdir()
    assert new.name != old.name
    assert existing(new.parent, new.stem.split("-")[1]) == (f"sqlite:///{new}",)
