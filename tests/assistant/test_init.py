"""`quarry init`."""

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.settings import load_settings
from knowledge.errors import DatabaseError, SettingsError

runner = CliRunner()


def init(*arguments: str) -> str:
    """Run `quarry init`; an error of ours is raised as the command line would meet it."""
    done = runner.invoke(app, ["init", *arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return str(done.output)


def shop(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with sqlite3.connect(folder / "shop.sqlite") as connection:
        connection.execute("CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name TEXT)")


def test_a_new_workspace_has_settings_knowledge_and_cases(tmp_path: Path) -> None:
    init(str(tmp_path / "w"))
    names = {str(p.relative_to(tmp_path / "w")) for p in (tmp_path / "w").rglob("*") if p.is_file()}
    assert names == {
        ".gitignore", "quarry.toml", "knowledge/glossary.yaml", "knowledge/rules.yaml",
        "knowledge/examples.yaml", "evals/dev.yaml",
    }  # fmt: skip
    assert load_settings(tmp_path / "w").database == ""


def test_the_database_is_tried_and_written(tmp_path: Path) -> None:
    shop(tmp_path / "w")
    said = init(str(tmp_path / "w"), "--database", "sqlite:///shop.sqlite")
    assert load_settings(tmp_path / "w").database == "sqlite:///shop.sqlite"
    assert "quarry index" in said


def test_a_password_in_the_environment_stays_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop(tmp_path / "w")
    monkeypatch.setenv("SHOP_NAME", "shop")
    init(str(tmp_path / "w"), "--database", "sqlite:///${SHOP_NAME}.sqlite")
    assert "${SHOP_NAME}" in (tmp_path / "w" / "quarry.toml").read_text()


def test_a_database_that_does_not_open_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError):
        init(str(tmp_path / "w"), "--database", "sqlite:///no-such.sqlite")
    assert not (tmp_path / "w").exists()


def test_a_workspace_is_not_overwritten(tmp_path: Path) -> None:
    init(str(tmp_path))
    (tmp_path / "quarry.toml").write_text("max_rows = 7\n")
    with pytest.raises(SettingsError, match="exists already"):
        init(str(tmp_path))
    assert (tmp_path / "quarry.toml").read_text() == "max_rows = 7\n"


def test_a_half_made_workspace_is_finished_and_edited_files_are_kept(tmp_path: Path) -> None:
    init(str(tmp_path))
    (tmp_path / "quarry.toml").unlink()
    (tmp_path / "knowledge" / "rules.yaml").unlink()
    (tmp_path / "knowledge" / "glossary.yaml").write_text("terms: [] # mine\n")
    said = init(str(tmp_path))
    assert (tmp_path / "knowledge" / "rules.yaml").exists()
    assert (tmp_path / "knowledge" / "glossary.yaml").read_text() == "terms: [] # mine\n"
    assert "glossary.yaml" in said


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("")
    with pytest.raises(SettingsError, match="is a file; name a folder"):
        init(str(tmp_path / "w"))


def test_demo_and_database_do_not_go_together(tmp_path: Path) -> None:
    done = runner.invoke(app, ["init", "--demo", str(tmp_path / "w"), "--database", "sqlite:///x"])
    assert done.exit_code == 2
    assert "leave out one" in done.output
