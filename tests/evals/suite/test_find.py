"""Suites are found by name, by glob, as files and as folders."""

from pathlib import Path

import pytest

from evals.suite.find import find_suites
from knowledge.errors import SettingsError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in (
        "dev.yaml",
        "dev-limits.yaml",
        "test.yml",
        "dev.csv",
        "tables.json",
        ".hidden.yaml",
        "notes.md",
    ):
        (tmp_path / name).touch()
    (tmp_path / "spider").mkdir()
    for name in ("dev.json", "tables.json"):
        (tmp_path / "spider" / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([], ["dev.yaml", "dev-limits.yaml", "test.yml"]),
        (["dev"], ["dev.yaml"]),
        (["dev.csv"], ["dev.csv"]),
        (["dev*"], ["dev.yaml", "dev-limits.yaml"]),
        (["test", "dev", "test.yml"], ["test.yml", "dev.yaml"]),
        (["{home}/dev*"], ["dev.yaml", "dev-limits.yaml"]),
        (["{home}/spider"], ["spider/dev.json"]),
        (["{home}/spider/dev.json"], ["spider/dev.json"]),
    ],
)
def test_names_globs_files_and_folders_stand_for_suites(
    names: list[str], found: list[str], home: Path
) -> None:
    paths = find_suites([name.format(home=home) for name in names], home)
    assert [str(path.relative_to(home)) for path in paths] == found


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("dev-limit", "did you mean `dev-limits`"),
        ("nothing-like-it", "write it as NAME.yaml"),
        ("devs.json", "did you mean `dev`"),
    ],
)
def test_a_name_that_stands_for_nothing_is_told(name: str, why: str, home: Path) -> None:
    with pytest.raises(SettingsError, match=why):
        find_suites([name], home)


def test_a_folder_without_suites_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no suite"):
        find_suites([str(tmp_path)], tmp_path)


def test_a_suite_goes_before_a_folder_of_its_name(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dev").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_suites(["dev"], home) == ((home / "dev.yaml").resolve(),)
