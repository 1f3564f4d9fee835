"""What docs/rules.md shows loads over the demo's database, and its tables are whole."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

import assistant.demo
from graph.checks import CHECKS
from graph.results import RESULT_CHECKS
from knowledge.database import Database
from knowledge.errors import SettingsError
from knowledge.glossary import Term, load_glossary
from knowledge.rules import SKIPPABLE, Rule, load_rules
from knowledge.schema import Schema

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "rules.md").read_text(encoding="utf-8")
GLOSSARY = Path(assistant.demo.__file__).parent / "workspace" / "knowledge" / "glossary.yaml"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
NAMED = {"rule", "says"}


@pytest.fixture(scope="module")
def schema(kestrel: Path) -> Schema:
    database = Database.open(str(kestrel))
    try:
        return database.schema()
    finally:
        database.close()


def loaded(block: str, folder: Path, schema: Schema) -> tuple[Rule, ...] | tuple[Term, ...]:
    (folder / "glossary.yaml").write_bytes(GLOSSARY.read_bytes())
    if block.startswith("rules:"):
        (folder / "rules.yaml").write_text(block, encoding="utf-8")
        return load_rules(folder / "rules.yaml", schema)
    (folder / "glossary.yaml").write_text(block, encoding="utf-8")
    return load_glossary(folder / "glossary.yaml", schema)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_its_examples_load(number: int, schema: Schema, tmp_path: Path) -> None:
    assert BLOCKS[number].startswith(("rules:", "terms:"))
    assert loaded(BLOCKS[number], tmp_path, schema)


def test_it_has_ten_examples_and_shows_every_field_in_one(schema: Schema, tmp_path: Path) -> None:
    assert [int(found) for found in re.findall(r"^\*\*(\d+)\. ", PAGE, re.MULTILINE)] == list(range(1, 11))
    text = "".join(BLOCKS)
    for kind in (Rule, Term):
        for field in fields(kind):
            if field.name != "unless_tables":
                assert re.search(rf"\b{field.name}:", text), field.name


def test_its_tables_name_every_field_and_every_check() -> None:
    rows = "\n".join(line for line in PAGE.splitlines() if line.startswith("|"))
    for kind in (Rule, Term):
        for field in fields(kind):
            assert field.name in NAMED or f"`{field.name}`" in rows, field.name
    ours = {check.__name__ for check in (*CHECKS, *RESULT_CHECKS)}
    listed = re.findall(r"^\| `(\w+)` \| .* \| (?:stopped|mended|noted|doubted)", rows, re.MULTILINE)
    kinds = {field.name for field in fields(Rule)}
    assert set(listed) - kinds == set(SKIPPABLE) | {"companion_columns"}
    assert set(SKIPPABLE) <= ours


def test_its_message_is_the_one_that_people_get(schema: Schema, tmp_path: Path) -> None:
    conditions = ['customers: "{t}.is_test = 0"', "orders: \"{t}.staus = 'X'\""]
    lines = [
        "rules:",
        "  - rule: x",
        "    says: y",
        "    require:",
        *(f"      {line}" for line in conditions),
    ]
    (tmp_path / "rules.yaml").write_text("\n".join(lines))
    with pytest.raises(SettingsError) as raised:
        load_rules(tmp_path / "rules.yaml", schema)
    assert f"knowledge/rules.yaml{str(raised.value).partition('rules.yaml')[2]}\n" in PAGE
