"""How hard a query is, and what it reads."""

import pytest

from evals.metrics.complexity import LEVELS, Complexity, complexity, tables_read


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", Complexity()),
        ("SELECT name FROM staff", Complexity(tables=1)),
        ("SELECT COUNT(*), MAX(pay) FROM staff", Complexity(tables=1, aggregates=2)),
        ("SELECT MAX(pay, 100) FROM staff", Complexity(tables=1)),
        ("SELECT * FROM staff, teams", Complexity(tables=2, joins=1)),
        ("SELECT * FROM staff s LEFT JOIN staff b ON s.boss = b.id", Complexity(tables=1, joins=1)),
        (
            "SELECT * FROM staff WHERE pay = (SELECT MAX(pay) FROM teams WHERE code IN (SELECT 'A'))",
            Complexity(tables=2, nesting=2, aggregates=1),
        ),
        ("SELECT n FROM (SELECT COUNT(*) AS n FROM staff)", Complexity(tables=1, nesting=1, aggregates=1)),
        ("SELECT * FROM staff WHERE EXISTS (SELECT 1 FROM teams)", Complexity(tables=2, nesting=1)),
        ("SELECT team FROM staff UNION SELECT code FROM teams", Complexity(tables=2, set_operations=1)),
        (
            "SELECT team FROM staff UNION ALL SELECT code FROM teams EXCEPT SELECT 'A'",
            Complexity(tables=2, set_operations=2),
        ),
        (
            "SELECT SUM(pay) OVER (ORDER BY id), RANK() OVER (ORDER BY pay) FROM staff",
            Complexity(tables=1, windows=2),
        ),
        ("SELECT SUM(pay) FILTER (WHERE id > 1) OVER () FROM staff", Complexity(tables=1, windows=1)),
        (
            "WITH a AS (SELECT * FROM staff), b AS (SELECT team, AVG(pay) FROM a GROUP BY 1) SELECT * FROM b",
            Complexity(tables=1, ctes=2, aggregates=1),
        ),
    ],
)
def test_the_parts_of_a_query_are_counted(sql: str, expected: Complexity) -> None:
    assert complexity(sql, "sqlite") == expected


@pytest.mark.parametrize(
    ("parts", "level"),
    [
        (Complexity(tables=1), "easy"),
        (Complexity(tables=1, aggregates=2), "easy"),
        (Complexity(tables=2, joins=1), "easy"),
        (Complexity(tables=2, joins=1, aggregates=1), "medium"),
        (Complexity(tables=1, nesting=1, aggregates=1), "medium"),
        (Complexity(tables=3, joins=2, aggregates=3), "hard"),
        (Complexity(tables=2, joins=1, windows=1, ctes=1, aggregates=1), "hard"),
        (Complexity(tables=2, set_operations=1, nesting=1, joins=1, aggregates=1), "extra"),
    ],
)
def test_the_level_follows_from_the_points(parts: Complexity, level: str) -> None:
    assert parts.level == level


def test_the_levels_rise_with_the_points() -> None:
    levels = [Complexity(joins=joins).level for joins in range(10)]
    assert levels == sorted(levels, key=LEVELS.index)
    assert set(levels) == set(LEVELS)


@pytest.mark.parametrize("sql", ["", "SELEC", "SELECT 1; SELECT 2", "DELETE FROM staff"])
def test_what_is_no_query_has_no_complexity_and_reads_nothing(sql: str) -> None:
    assert complexity(sql, "sqlite") is None
    assert tables_read(sql, "sqlite") == ()


def test_the_dialect_decides_what_can_be_read() -> None:
    sql = "SELECT `name` FROM `staff` WHERE MATCH (name) AGAINST ('ann' IN BOOLEAN MODE)"
    assert tables_read(sql, "mysql") == ("staff",)
    assert tables_read(sql, "sqlite") == ()


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("WITH staff AS (SELECT * FROM staff) SELECT * FROM staff", ("staff",)),
        ("WITH staff AS (SELECT * FROM teams) SELECT * FROM staff", ("teams",)),
        ("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT * FROM n", ()),
        ("SELECT * FROM Staff s, main.TEAMS, json_each('[1]')", ("staff", "teams")),
        ("SELECT * FROM a WHERE x IN (SELECT y FROM b UNION SELECT z FROM c)", ("a", "b", "c")),
    ],
)
def test_the_tables_are_those_of_the_database_alone(sql: str, tables: tuple[str, ...]) -> None:
    assert tables_read(sql, "sqlite") == tables
