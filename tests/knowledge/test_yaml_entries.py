"""Entries come and go as text; what people wrote around them stays."""

from pathlib import Path

import pytest
import yaml

from knowledge.errors import SettingsError
from knowledge.yaml_entries import append_entries, entries_of, remove_entries

TEXT = """\
# Ours.
examples:

  # sales
  - question: "one"   # the first
    sql: >-
      SELECT 1
      FROM t
  # the second
  - question: two
    sql: SELECT 2

  # the third is last
  - {question: three, sql: SELECT 3}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "examples.yaml"
    found.write_text(TEXT)
    return found


def test_an_entry_goes_behind_the_others(path: Path) -> None:
    append_entries(path, "examples", [{"question": "four", "sql": "SELECT 'a: b'"}], "From a correction.")
    text = path.read_text()
    assert text.startswith(TEXT)
    assert "  # From a correction.\n  - question: four\n" in text
    assert entries_of(path, "examples")[-1] == {"question": "four", "sql": "SELECT 'a: b'"}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_entry_leaves_with_its_own_comment(path: Path, place: int) -> None:
    names = ["one", "two", "three"]
    (gone,) = remove_entries(path, "examples", lambda entry: entry["question"] == names[place])
    assert gone["question"] == names.pop(place)
    assert [entry["question"] for entry in entries_of(path, "examples")] == names
    text = path.read_text()
    assert text.startswith("# Ours.\n")
    for comment, of in (("# sales", 0), ("# the second", 1), ("# the third is last", 2)):
        assert (comment in text) == (of != place)


def test_what_comes_and_goes_leaves_the_file_as_it_was(path: Path) -> None:
    append_entries(path, "examples", [{"question": "four", "sql": "SELECT 4"}], "Remark.")
    remove_entries(path, "examples", lambda entry: entry["question"] == "four")
    assert path.read_text() == TEXT


def test_the_last_one_leaves_an_empty_list(path: Path) -> None:
    assert len(remove_entries(path, "examples", lambda entry: True)) == 3
    assert path.read_text() == "examples: []\n"
    append_entries(path, "examples", [{"question": "new", "sql": "SELECT 1"}])
    assert yaml.safe_load(path.read_text()) == {"examples": [{"question": "new", "sql": "SELECT 1"}]}


def test_a_file_that_is_missing_is_made_and_has_nothing_to_remove(tmp_path: Path) -> None:
    path = tmp_path / "evals" / "corrections.yaml"
    assert remove_entries(path, "cases", lambda entry: True) == []
    append_entries(path, "cases", [{"id": "a"}])
    assert entries_of(path, "cases") == [{"id": "a"}]


@pytest.mark.parametrize(("text", "said"), [("a: [", "not valid YAML"), ("cases: []\nmore: 1\n", "alone")])
def test_a_file_of_another_shape_is_left_alone(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=said):
        append_entries(path, "cases", [{"id": "a"}])
    assert path.read_text() == text
