"""Gold SQL and the queries it stands for."""

import pytest

from evals.suite.gold import alternatives, expand, groups
from knowledge.errors import SettingsError


def test_sql_without_braces_stands_for_itself() -> None:
    assert expand("SELECT a FROM t WHERE a > 25") == ("SELECT a FROM t WHERE a > 25",)


def test_braces_stand_for_every_choice_but_none() -> None:
    assert expand("SELECT {a, b} FROM t") == ("SELECT a FROM t", "SELECT b FROM t", "SELECT a, b FROM t")


def test_different_groups_choose_independently() -> None:
    assert len(expand("SELECT {a, b}, {c, d} FROM t")) == 9


def test_groups_with_the_same_items_make_the_same_choice() -> None:
    assert expand("SELECT {a,b} FROM (SELECT {a, b} FROM t) s") == (
        "SELECT a FROM (SELECT a FROM t) s",
        "SELECT b FROM (SELECT b FROM t) s",
        "SELECT a, b FROM (SELECT a, b FROM t) s",
    )


def test_group_by_follows_the_choice_without_the_aliases() -> None:
    assert expand("SELECT {p.a AS x, b}, COUNT(*) FROM t p group by {}, c") == (
        "SELECT p.a AS x, COUNT(*) FROM t p group by p.a, c",
        "SELECT b, COUNT(*) FROM t p group by b, c",
        "SELECT p.a AS x, b, COUNT(*) FROM t p group by p.a, b, c",
    )


def test_group_by_leaves_aggregates_and_constants_out() -> None:
    assert expand("SELECT {a, SUM(n) AS total} FROM t GROUP BY {} ORDER BY 1") == (
        "SELECT a FROM t GROUP BY a ORDER BY 1",
        "SELECT SUM(n) AS total FROM t ORDER BY 1",
        "SELECT a, SUM(n) AS total FROM t GROUP BY a ORDER BY 1",
    )
    assert expand("SELECT {MAX(n)}, b FROM t GROUP BY {}, b") == ("SELECT MAX(n), b FROM t GROUP BY b",)
    assert expand("SELECT {MAX(n)}, b FROM t GROUP BY b, {}") == ("SELECT MAX(n), b FROM t GROUP BY b",)


def test_order_by_follows_with_the_alias_and_gives_each_its_direction() -> None:
    assert expand("SELECT {a AS x, b} FROM t ORDER BY {} DESC LIMIT 3")[-1] == (
        "SELECT a AS x, b FROM t ORDER BY x DESC, b DESC LIMIT 3"
    )


def test_braces_follow_the_choice_of_their_own_select() -> None:
    sql = "SELECT {a} FROM (SELECT {b}, COUNT(*) FROM t GROUP BY {}) s GROUP BY {}"
    assert expand(sql) == ("SELECT a FROM (SELECT b, COUNT(*) FROM t GROUP BY b) s GROUP BY a",)


def test_each_part_of_a_union_follows_its_own_choice() -> None:
    sql = "SELECT {a} FROM t GROUP BY {} UNION ALL SELECT {b} FROM u GROUP BY {}"
    assert expand(sql) == ("SELECT a FROM t GROUP BY a UNION ALL SELECT b FROM u GROUP BY b",)


def test_commas_in_functions_and_quotes_do_not_split_an_item() -> None:
    assert expand("SELECT {COALESCE(a, 0), ',' AS c} FROM t")[:2] == (
        "SELECT COALESCE(a, 0) FROM t",
        "SELECT ',' AS c FROM t",
    )


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT '{a, b}' FROM t",
        "SELECT 'it''s {a' FROM t",
        'SELECT "{a}" FROM t',
        "SELECT `{a}` FROM t",
        "SELECT a /* {b} */ FROM t",
        "SELECT a FROM t -- {b};",
        "SELECT 'a;b' FROM t",
    ],
)
def test_quotes_and_comments_are_left_alone(sql: str) -> None:
    assert expand(sql) == (sql,)


def test_semicolons_split_alternatives_and_repeated_queries_are_dropped() -> None:
    assert alternatives("SELECT 1; SELECT ';' ;\n") == ("SELECT 1", "SELECT ';'")
    assert expand("SELECT {a, a} FROM t;SELECT a FROM t") == ("SELECT a FROM t", "SELECT a, a FROM t")


def test_a_group_says_where_it_stands() -> None:
    (group,) = groups("SELECT {a, b}")
    assert (group.start, group.end, group.items) == (7, 12, ("a", "b"))


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT {a FROM t", "no closing one"),
        ("SELECT a} FROM t", "no opening one"),
        ("SELECT (a}) FROM t", "no opening one"),
        ("SELECT {a, {b}} FROM t", "within another"),
        ("SELECT {a,,b} FROM t", "empty item"),
        ("SELECT a FROM t GROUP BY {}", "there is none"),
        ("SELECT {a,b,c,d,e,f,g,h,i} FROM t", "stand for 511 queries"),
    ],
)
def test_what_cannot_be_expanded_is_told_with_its_remedy(sql: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        expand(sql)
