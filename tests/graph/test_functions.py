"""The allow-list of functions: long enough for honest questions, and nothing on it does anything else."""

import sqlite3

import pytest

from graph.checks import gate
from graph.checks.functions import allowed
from knowledge.readonly import duckdb_tree, postgres_plan
from knowledge.readonly.names import listed
from tests.graph.test_gate import context
from tests.servers.postgres import postgres

HONEST = {
    "sqlite": (
        "SELECT ROUND(AVG(amount), 2), PRINTF('%.1f', SUM(amount)), IIF(COUNT(*) > 1, 'a', 'b') FROM orders",
        "SELECT STRFTIME('%Y-%m', ordered_at) AS m, GROUP_CONCAT(status, ', ') FROM orders GROUP BY m",
        "SELECT JULIANDAY('2025-01-02') - JULIANDAY('2025-01-01'), UNIXEPOCH('2025-01-01')",
        "SELECT INSTR(name, ' '), SUBSTR(name, 1, 3), REPLACE(name, 'a', 'b'), TRIM(name) FROM customers",
        "SELECT NTILE(4) OVER (ORDER BY amount), LAG(amount) OVER (ORDER BY order_id) FROM orders",
        "SELECT JSON_EXTRACT('{\"a\": 1}', '$.a'), JSON_ARRAY_LENGTH('[1]'), SQRT(4), LN(2), POW(2, 3)",
        "SELECT value FROM json_each('[1, 2]')",
    ),
    "postgres": (
        "SELECT DATE_TRUNC('month', ordered_at) AS m, STRING_AGG(status, ', ' ORDER BY status) FROM orders"
        " GROUP BY m",
        "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY amount), CORR(amount, order_id) FROM orders",
        "SELECT d FROM generate_series('2025-01-01'::date, '2025-12-31'::date, interval '1 day') AS d",
        "SELECT REGEXP_REPLACE(name, '[aeiou]', '', 'g'), SPLIT_PART(name, ' ', 1) FROM customers",
        "SELECT AGE(TIMESTAMP '2025-01-02', ordered_at), TO_CHAR(ordered_at, 'YYYY-MM') FROM orders",
        "SELECT JSON_AGG(name), ARRAY_AGG(city), MD5(MIN(name)), INITCAP(MIN(name)) FROM customers",
        "SELECT EXTRACT(DOW FROM ordered_at), DATE_PART('week', ordered_at) FROM orders",
        "SELECT DATE_BIN('15 minutes', ordered_at, TIMESTAMP '2001-01-01') FROM orders",
        "SELECT WIDTH_BUCKET(customer_id, 0, 10, 5), STDDEV(customer_id) FROM customers GROUP BY customer_id",
        "SELECT REGEXP_MATCHES(name, 'a'), ARRAY_LENGTH(ARRAY[1, 2], 1), UNNEST(ARRAY[1, 2]) FROM customers",
    ),
    "mysql": (
        "SELECT DATE_FORMAT(ordered_at, '%Y-%m') AS m, GROUP_CONCAT(status) FROM orders GROUP BY m",
        "SELECT TIMESTAMPDIFF(DAY, ordered_at, NOW()), DATE_ADD(ordered_at, INTERVAL 1 DAY) FROM orders",
        "SELECT IFNULL(name, ''), SUBSTRING_INDEX(name, ' ', 1), LPAD(customer_id, 5, '0') FROM customers",
        "SELECT ELT(QUARTER(ordered_at), 'a', 'b'), FIELD(status, 'new'), YEARWEEK(ordered_at) FROM orders",
        "SELECT MD5(name), CONVERT_TZ(signed_up_at, '+00:00', '+01:00') FROM customers",
        "SELECT FORMAT(customer_id, 2), TRUNCATE(customer_id, 1) FROM customers",
        "SELECT JSON_OBJECT('a', name), REGEXP_REPLACE(name, 'a', 'b'), LOCATE('a', name) FROM customers",
    ),
    "duckdb": (
        "SELECT DATE_TRUNC('month', ordered_at) AS m, STRING_AGG(status, ', ') FROM orders GROUP BY m",
        "SELECT MEDIAN(amount), QUANTILE_CONT(amount, 0.9), ARG_MAX(status, amount) FROM orders",
        "SELECT STRFTIME(ordered_at, '%Y'), DATE_DIFF('day', ordered_at, TIMESTAMP '2025-12-31') FROM orders",
        "SELECT * FROM generate_series(DATE '2025-01-01', DATE '2025-12-31', INTERVAL 1 DAY) AS t(d)",
        "SELECT LIST(name), JARO_WINKLER_SIMILARITY(MIN(name), 'a'), MODE(city) FROM customers",
        "SELECT TIME_BUCKET(INTERVAL '1 week', ordered_at), HISTOGRAM(status) FROM orders GROUP BY ALL",
        "SELECT STRING_SPLIT(name, ' '), LEVENSHTEIN(name, 'x'), MD5(name), LEFT(name, 2) FROM customers",
    ),
}


@pytest.mark.parametrize(("dialect", "sql"), [(d, sql) for d, many in HONEST.items() for sql in many])
def test_the_usual_functions_of_analysts_pass(dialect: str, sql: str) -> None:
    gated = gate(sql, context(dialect, ()))

    assert gated.sql, gated.why


def passes(dialect: str, name: str) -> list[str]:
    """The ways to call a function that the gate lets through."""
    calls = (f"{name}()", f"{name}('x')", f"{name}(1)", f"{name}('x', 'y')", f"{name}(1, 2, 3)")
    ways = [f"SELECT {call}" for call in calls]
    ways += [f"SELECT * FROM {name}('x') AS t", f"SELECT name FROM customers WHERE {name}(name) = 1"]
    return [sql for sql in ways if gate(sql, context(dialect, ())).sql is not None]


def test_every_function_of_sqlite_that_is_not_harmless_is_refused() -> None:
    known = listed()["sqlite_functions"]
    with sqlite3.connect(":memory:") as connection:
        there = {name for (name,) in connection.execute("SELECT DISTINCT name FROM pragma_function_list")}

    assert [name for name in sorted(there - known) if name.isidentifier() and passes("sqlite", name)] == []


def test_sqlite_itself_calls_the_functions_on_the_list_innocuous() -> None:
    with sqlite3.connect(":memory:") as connection:
        told = connection.execute(
            "SELECT name, MAX(flags & 0x200000 <> 0) FROM pragma_function_list GROUP BY 1"
        )
        doubtful = {name for name, innocuous in told if not innocuous}

    listed_there = {name for name in allowed()["sqlite"] if name in doubtful}
    assert {name for name in listed_there if not name.startswith("json")} == set()


@pytest.mark.real
def test_every_function_of_postgres_on_the_list_only_gives_a_value_back() -> None:
    import psycopg

    names = sorted(allowed()["postgres"])
    with postgres() as server, psycopg.connect(server.url) as connection:
        given = (postgres_plan.HARMLESS_THOUGH_VOLATILE, postgres_plan.HARMLESS_THOUGH_OF_THE_SYSTEM)
        told = connection.execute(postgres_plan.FUNCTIONS_SQL, (*given, names)).fetchall()
        everything = connection.execute(
            "SELECT DISTINCT proname FROM pg_proc WHERE proname ~ '^[a-z_][a-z0-9_]*$' ORDER BY 1"
        ).fetchall()
        harmful = connection.execute(
            postgres_plan.FUNCTIONS_SQL, (*given, [name for (name,) in everything])
        ).fetchall()

    assert [name for name, _, harms in told if harms] == []
    assert len({name for name, _, _ in told}) > 100
    assert {name for name, _, harms in harmful if harms and passes("postgres", name)} == set()


@pytest.mark.real
def test_every_function_of_duckdb_on_the_list_only_gives_a_value_back() -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        functions = connection.execute(duckdb_tree.FUNCTIONS_SQL).fetchall()
        known = duckdb_tree.Known(functions, connection.execute(duckdb_tree.VIEWS_SQL).fetchall())
    there = {name.lower() for name, _, _ in functions}

    assert sorted((allowed()["duckdb"] & there) - known.harmless - duckdb_tree.TABLE_FUNCTIONS) == []
    harmful = there - known.harmless - duckdb_tree.TABLE_FUNCTIONS
    assert [name for name in sorted(harmful) if name.isidentifier() and passes("duckdb", name)] == []


def test_every_function_of_mysql_on_the_list_passes_the_door_too() -> None:
    assert sorted(allowed()["mysql"] - listed()["mysql_functions"]) == []


@pytest.mark.parametrize(
    "name",
    [
        "sleep", "benchmark", "load_file", "get_lock", "release_lock", "release_all_locks", "is_free_lock",
        "is_used_lock", "master_pos_wait", "master_gtid_wait", "last_insert_id", "row_count", "found_rows",
        "user", "current_user", "session_user", "system_user", "database", "schema", "version", "uuid_short",
        "connection_id", "sys_exec", "sys_eval", "nextval", "setval", "lastval", "extractvalue", "updatexml",
        "name_const", "des_encrypt", "encrypt", "wait_for_executed_gtid_set", "ps_thread_id", "icu_version",
    ],
)  # fmt: skip
def test_the_functions_of_mysql_that_do_more_are_refused(name: str) -> None:
    assert passes("mysql", name) == []
    assert name not in listed()["mysql_functions"]
