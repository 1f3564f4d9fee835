"""No filter is left out of an explanation: over the golds, examples and taught pairs of the demo."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

import assistant.demo
from evals.suite.case import load_suite
from graph.checks.scopes import conjuncts
from graph.explain import Explainer
from knowledge.database import Database
from knowledge.examples import load_examples
from knowledge.glossary import load_glossary
from knowledge.rules import load_rules

DEMO = Path(assistant.demo.__file__).parent / "workspace"
_FLIPPED: dict[type[exp.Expr], type[exp.Binary]] = {
    exp.GT: exp.GTE, exp.GTE: exp.GT, exp.LT: exp.LTE, exp.LTE: exp.LT, exp.EQ: exp.NEQ, exp.NEQ: exp.EQ,
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(kestrel: Path) -> Iterator[Explainer]:
    database = Database.open(f"sqlite:///{kestrel}")
    schema = database.schema()
    knowledge = DEMO / "knowledge"
    yield Explainer(schema, load_glossary(knowledge / "glossary.yaml"), load_rules(knowledge / "rules.yaml"))
    database.close()


def golds() -> list[str]:
    suites = sorted((DEMO / "evals").glob("dev*.yaml"))
    return [gold for suite in suites for case in load_suite(suite) for gold in case.golds]


@cache
def corpus() -> tuple[str, ...]:
    examples = [example.sql for example in load_examples(DEMO / "knowledge" / "examples.yaml")]
    lines = (DEMO / "models" / "kestrel.pairs.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [_filled(json.loads(line)["sql"]) for line in lines[::4]]
    return tuple(dict.fromkeys([*golds(), *examples, *pairs]))


def _filled(sql: str) -> str:
    """A taught statement with values in its slots."""
    sql = re.sub(r"<d(\d)a>", r"'202\1-03-05'", sql)
    sql = re.sub(r"<d(\d)b>", r"'202\1-08-09'", sql)
    return re.sub(r"<(\w+)>", r"'\1'", re.sub(r"<n(\d)>", r"\g<1>7", sql))


def conditions(tree: exp.Expr) -> list[exp.Expr]:
    """Counted here and not by the explainer: every part of WHERE, HAVING and ON."""
    holders = tree.find_all(exp.Where, exp.Having, exp.Join)
    held = [h.args.get("on") if isinstance(h, exp.Join) else h.this for h in holders]
    return [part for condition in held for part in conjuncts(condition)]


def told(explainer: Explainer, tree: exp.Expr) -> str:
    sentences = explainer.explain(tree.sql(dialect="sqlite")).explanation.sentences
    return "\n".join(f"{s.depth} {s.part} {s}" for s in sentences)


def test_every_condition_is_told_and_hardly_any_as_sql(demo: Explainer) -> None:
    counted = in_sql = 0
    for sql in corpus():
        found = demo.explain(sql).explanation
        assert found.predicates == len(conditions(sqlglot.parse_one(sql, dialect="sqlite"))), sql
        assert found.lineage, sql
        counted += found.predicates
        in_sql += found.in_sql
    assert counted > 3500
    assert in_sql <= counted * 0.005, f"{in_sql} of {counted} conditions have no words"


def test_an_explanation_changes_when_a_condition_goes(demo: Explainer) -> None:
    silent = []
    for sql in corpus()[::50]:
        tree = sqlglot.parse_one(sql, dialect="sqlite")
        whole = told(demo, tree)
        for place in range(len(conditions(tree))):
            without = tree.copy()
            conditions(without)[place].replace(exp.true())
            if told(demo, without) == whole:
                silent.append((sql, place))
    assert silent == []


def test_an_explanation_changes_when_a_value_or_a_sign_does(demo: Explainer) -> None:
    silent = []
    for sql in corpus()[::60]:
        tree = sqlglot.parse_one(sql, dialect="sqlite")
        whole = told(demo, tree)
        for change in (_other_value, _other_sign):
            for place in range(len(list(tree.walk()))):
                changed = tree.copy()
                if change(list(changed.walk())[place]) and told(demo, changed) == whole:
                    silent.append((sql, place))
    assert silent == []


def _other_value(node: exp.Expr) -> bool:
    inside = node.find_ancestor(exp.Where, exp.Having, exp.Join, exp.Limit)
    if not isinstance(node, exp.Literal) or inside is None or isinstance(node.parent, exp.Select):
        return False
    text = node.name
    if re.match(r"\d{4}-\d{2}", text):
        node.set("this", f"{text[:3]}{'1' if text[3] != '1' else '2'}{text[4:]}")
    else:
        node.set("this", f"{text}q" if node.is_string else str(int(float(text)) + 1))
    return True


def _other_sign(node: exp.Expr) -> bool:
    other = _FLIPPED.get(type(node))
    if other is None or isinstance(node.parent, exp.Join):
        return False
    node.replace(other(this=node.this, expression=node.expression))
    return True
