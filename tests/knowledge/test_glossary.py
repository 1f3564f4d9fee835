from pathlib import Path

import pytest

from knowledge.errors import SettingsError
from knowledge.glossary import Term, load_glossary
from tests.conftest import shop_schema

SCHEMA = shop_schema()

WHOLE = """
terms:
  - term: revenue
    meaning: Money of orders.
    synonyms: [sales, takings]
    asks: [how much did we make]
    metric: [SUM(orders.amount), SUM(amounts.amount)]
    unit: EUR
    date: orders.ordered_at
  - term: order status
    meaning: How far an order is.
    column: orders.status
    values: {paid: [settled], no: refused, 1: [on]}
  - term: customer
    meaning: Who buys.
    table: customers
    label: [customers.name]
    verbs: {customers.signed_up_at: [signed up, joined]}
  - term: test customer
    meaning: One of ours.
    filter: customers.is_test = 1
  - term: churn
    meaning: A word without a column.
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "glossary.yaml"


def refused(path: Path, content: str) -> str:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_glossary(path, SCHEMA)
    return str(raised.value)


def entry(lines: str) -> str:
    return f"terms:\n  - term: x\n    meaning: y\n    {lines}\n"


def test_terms_are_read_with_all_their_fields(path: Path) -> None:
    path.write_text(WHOLE.replace(", SUM(amounts.amount)", ""), encoding="utf-8")

    revenue, status, customer, test_customer, churn = load_glossary(path, SCHEMA)

    assert revenue == Term(
        term="revenue",
        meaning="Money of orders.",
        synonyms=("sales", "takings"),
        asks=("how much did we make",),
        metric=("SUM(orders.amount)",),
        unit="EUR",
        date="orders.ordered_at",
    )
    assert revenue.names == ("revenue", "sales", "takings")
    assert customer.label == ("customers.name",)
    assert customer.verbs == {"customers.signed_up_at": ("signed up", "joined")}
    assert test_customer.filter == "customers.is_test = 1"
    assert churn == Term("churn", "A word without a column.")
    assert status.column == "orders.status"


def test_words_that_yaml_takes_for_truth_values_stay_words(path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")

    assert load_glossary(path)[1].values == {"paid": ("settled",), "no": ("refused",), "1": ("on",)}


@pytest.mark.parametrize("content", ["", "terms:\n", "# nothing yet\n", "terms: []\n"])
def test_an_empty_or_missing_file_has_no_terms(path: Path, content: str) -> None:
    assert load_glossary(path, SCHEMA) == ()
    path.write_text(content)
    assert load_glossary(path, SCHEMA) == ()


def test_one_problem_is_told_in_one_line_with_file_line_and_remedy(path: Path) -> None:
    told = refused(path, entry("synonim: [z]"))

    assert told == f"{path}, line 4: unknown key `synonim`; did you mean `synonyms`?"


def test_several_problems_are_told_together_in_the_order_of_the_file(path: Path) -> None:
    told = refused(path, "terms:\n  - term: a\n  - meaning: b\n  - {term: c, meaning: d, table: ordres}\n")

    assert told.splitlines() == [
        f"{path} has 3 problems; correct these lines:",
        "  line 2: `meaning` is missing; add it",
        "  line 3: `term` is missing; add it",
        "  line 4: there is no table `ordres`; did you mean `orders`?",
    ]


def test_at_most_five_problems_are_told(path: Path) -> None:
    told = refused(path, "terms:\n" + "  - {term: '', meaning: x}\n" * 8)

    assert told.count("line ") == 5
    assert told.endswith("and 3 more")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("column: orders.stauts", "the table `orders` has no column `stauts`; did you mean `status`?"),
        ("column: status", "`status` is not a full column name; did you mean `orders.status`?"),
        ("column: ordrs.status", "there is no table `ordrs`; did you mean `orders.status`?"),
        ("table: zebra", "there is no table `zebra`; use one of customers, orders, products."),
        ("date: orders.when", "the table `orders` has no column `when`; its columns are order_id"),
        ("label: [customers.nam]", "no column `nam`; did you mean `name`?"),
        ("verbs: {customers.signed_up: [joined]}", "no column `signed_up`; did you mean `signed_up_at`?"),
        ("metric: SUM(orders.amount", "this cannot be read as SQL"),
        ("metric: SUM(amount)", "`amount` is not a full column name; did you mean `orders.amount`?"),
        ("metric: SUM(orders.amuont)", "no column `amuont`; did you mean `amount`?"),
        ("metric: SUM(o.amount)", "`o.amount` uses `o`, which is not in the query; add it to FROM or JOIN"),
        ("filter: orders.status =", "this cannot be read as SQL"),
        ("filter: orders.status = 'a'; DELETE FROM orders", "this cannot be read as SQL"),
        ("filter: orders.order_id IN (SELECT order_id FROM gone)", "there is no table `gone`"),
        ("filter: orders.order_id IN (SELECT nope FROM products)", "has no column `nope`"),
        ("{column: orders.status, table: orders}", "this is not valid YAML"),
        ("values: {a: [b]}", "`values` needs `column`; name the column that holds them"),
        ("term: z", "`term` stands here twice (first on line 2); remove one"),
        ("unit: [EUR]", "`unit` must be text, but it is a list; put one value in quotes"),
        ("synonyms: {a: b}", "`synonyms` must be a list of texts, but it is a mapping; use [a, b]"),
        ("synonyms: [[a]]", "each entry of `synonyms` must be text, but it is a list"),
        ("synonyms: [a, a]", "`synonyms` lists 'a' twice; remove one"),
        ("verbs: [a]", "`verbs` must be a mapping of `name: value`"),
        (
            "unit: &eur EUR\n    column: *eur",
            "YAML anchors (&name, *name) are not read here; write the value out",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_remedy(path: Path, lines: str, told: str) -> None:
    message = refused(path, entry(lines))

    assert told in message
    assert "line 4" in message or "line 5" in message


def test_a_term_with_two_meanings_for_sql_is_told(path: Path) -> None:
    told = refused(path, entry("table: orders\n    filter: orders.amount > 1"))

    assert "a term has only one of metric, filter, column, table, but this one has filter and table" in told


def test_the_same_term_twice_is_told_with_the_first_line(path: Path) -> None:
    told = refused(path, "terms:\n- {term: Big  Order, meaning: x}\n- {term: big order, meaning: y}\n")

    assert "line 3: the term 'big order' stands on line 2 already; remove one" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("- a\n", "line 1: the file must start with `terms:` and a list below it"),
        ("term: []\n", "unknown key `term`; did you mean `terms`?"),
        ("terms: {a: b}\n", "`terms` must be a list; start each entry with `- `"),
        ("terms:\n  - just a word\n", "line 2: each entry of `terms` must be a mapping of `name: value`"),
        ("terms:\n\t- term: x\n", "line 2: this is not valid YAML"),
        ("terms: [\n", "this is not valid YAML"),
        ("terms: []\n---\nterms: []\n", "this is not valid YAML"),
    ],
)
def test_a_file_of_another_shape_is_told(path: Path, content: str, told: str) -> None:
    assert told in refused(path, content)


def test_a_file_that_is_not_utf8_is_told(path: Path) -> None:
    path.write_bytes("terms:\n  - {term: Größe, meaning: x}\n".encode("latin-1"))

    with pytest.raises(SettingsError, match=r"glossary\.yaml is not UTF-8 text; save it as UTF-8"):
        load_glossary(path, SCHEMA)


def test_a_path_below_the_current_folder_is_told_short(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)

    assert refused(path, entry("oops: 1")).startswith(
        "glossary.yaml, line 4: unknown key `oops`; use one of term, "
    )


def test_a_metric_may_hold_sub_queries_with_aliases_of_their_own(path: Path) -> None:
    path.write_text(
        entry(
            "metric: SUM(orders.amount) / (SELECT COUNT(*) FROM customers c JOIN (SELECT city AS town FROM"
            " customers) s ON s.town = c.city)"
        )
    )

    assert load_glossary(path, SCHEMA)[0].metric[0].startswith("SUM(orders.amount) /")
