"""The test cases and the known faults of the framework that the idea comes from, where they are at hand."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from evals.compare import compare
from evals.compare.order import blocks_of, sorts, with_keys
from evals.runs.judge import against_golds, judge
from evals.suite.case import Case
from evals.suite.gold import expand, groups
from evals.verdict import Verdict
from graph.checks import CheckContext
from knowledge.database import Database
from knowledge.errors import SettingsError
from knowledge.result import Result

REFERENCE = Path(__file__).parents[3].parent / "shared" / "evals"
HERE = (REFERENCE / "compare_cases.json").is_file()
pytestmark = pytest.mark.skipif(not HERE, reason=f"the reference cases are not in {REFERENCE}")

NOT_OURS = {"compare_df-01": "empty equals empty: we call it vacuous"}
POLICY = {
    "FN06": Verdict.WRONG,
    "FN14": Verdict.EXACT,
    "FN15": Verdict.WRONG,
    "TY06": Verdict.EXACT,
    "TY16": Verdict.EXACT,
}
ORDERED = ("FP10",)
"""Cases whose question asks for an order although their category does not say so."""


def load(name: str) -> Any:
    return json.loads((REFERENCE / name).read_text(encoding="utf-8")) if HERE else []


CASES = load("compare_cases.json")
FAULTS = load("compare_faults.json")["cases"] if HERE else []


def of_kind(*kinds: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] in kinds]


def faults(kind: str) -> list[Any]:
    return [pytest.param(fault, id=fault["id"].split()[0]) for fault in FAULTS if fault["kind"] == kind]


def frame(data: dict[str, Any]) -> Result:
    types = data.get("cell_types") or [""] * len(data["columns"])
    rows = tuple(
        tuple(cell(value, kind) for value, kind in zip(row, types, strict=True)) for row in data["rows"]
    )
    return Result(tuple(data["columns"]), rows)


def cell(value: Any, kind: str) -> Any:
    if value is None:
        return None
    makers = {"Timestamp": dt.datetime.fromisoformat, "date": dt.date.fromisoformat, "Decimal": Decimal}
    return makers.get(kind, lambda same: same)(value)


def blocks(gold: Result, category: str, query: str | None) -> tuple[int, ...] | None:
    if category != "order_by":
        return None
    if not query:
        return tuple(range(len(gold.rows)))
    tree = sqlglot.parse_one(query)
    assert isinstance(tree, exp.Query)
    names = [entry.this.name for entry in tree.args["order"].expressions]
    shown = [gold.columns.index(name) for name in names]
    assert not with_keys(tree).added or tree.is_star
    return blocks_of(gold.rows, shown)


@pytest.mark.parametrize("case", of_kind("normalize_table"))
def test_what_the_reference_normalises_is_the_same_to_us(case: dict[str, Any]) -> None:
    assert compare(frame(case["df1"]), frame(case["expected"])).verdict is Verdict.EXACT


@pytest.mark.parametrize("case", of_kind("find_bracket_indices"))
def test_braces_are_found_where_the_reference_finds_them(case: dict[str, Any]) -> None:
    try:
        found = groups(case["string"])
    except SettingsError:
        found = ()
    assert ([found[0].start, found[0].end] if found else [-1, -1]) == case["expected"]


@pytest.mark.parametrize("case", of_kind("expand"))
def test_golds_expand_as_in_the_reference(case: dict[str, Any]) -> None:
    assert list(expand(case["query"])) == case["expected"]


@pytest.mark.parametrize("case", of_kind("compare_df", "subset_df"))
def test_frames_compare_as_in_the_reference(case: dict[str, Any]) -> None:
    gold = frame(case["df1"])
    query = case.get("query_gold") or case.get("query_sub")
    found = compare(gold, frame(case["df2"]), blocks=blocks(gold, case["category"], query)).verdict
    if case["id"] in NOT_OURS:
        assert found is Verdict.VACUOUS
    elif case["kind"] == "compare_df":
        assert (found is Verdict.EXACT) is case["expected"]
    else:
        assert found.right is case["expected"]


@pytest.mark.parametrize("case", of_kind("compare_query_results"))
def test_query_results_compare_as_in_the_reference(case: dict[str, Any]) -> None:
    answer = frame(case["df2"])
    found = {
        compare(frame(case["results_by_sql"][sql]), answer).verdict for sql in expand(case["query_gold"])
    }
    assert (Verdict.EXACT in found) is case["expected"]["exact"]
    assert any(verdict.right for verdict in found) is case["expected"]["correct"]


@pytest.mark.parametrize("fault", faults("df"))
def test_the_faults_of_the_reference_on_frames_are_not_ours(fault: dict[str, Any]) -> None:
    gold = frame(fault["df1"])
    found = compare(
        gold, frame(fault["df2"]), blocks=blocks(gold, fault["category"], fault["query_gold"])
    ).verdict
    assert_as_it_should(fault, found)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "reference.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(load("compare_faults.json")["setup_sqlite"])
    connection.close()
    opened = Database.open(str(path))
    yield opened
    opened.close()


@pytest.mark.parametrize("fault", faults("sql"))
def test_the_faults_of_the_reference_on_queries_are_not_ours(fault: dict[str, Any], small: Database) -> None:
    context = CheckContext(small.schema())
    ordered = fault["category"] == "order_by" or fault["id"].startswith(ORDERED)
    if fault["should"] == "refused":
        case = Case("a", fault["question"], (fault["gold"],), ordered=ordered)
        found, _ = judge(case, fault["gen"], None, small, context)
        assert found.verdict is Verdict.EXEC_ERROR
        assert small.run("SELECT COUNT(*) FROM emp").rows == ((4,),)
        return
    answer = small.run(fault["gen"])
    found, _ = against_golds(
        expand(fault["gold"]),
        answer,
        small,
        context,
        ordered=ordered,
        sorted_by_query=sorts(sqlglot.parse_one(fault["gen"])),
    )
    assert_as_it_should(fault, found.verdict)
    assert found.rounded is fault["id"].startswith("FN06")


def assert_as_it_should(fault: dict[str, Any], found: Verdict) -> None:
    should = fault["should"]
    if should == "policy":
        assert found is POLICY[fault["id"].split()[0]]
    elif isinstance(should, bool):
        assert found.right is should
    else:
        named = {
            "exact": Verdict.EXACT,
            "correct, but not exact": Verdict.SUPERSET,
            "undetermined gold": Verdict.UNDECIDED,
        }
        assert found is named[should]
