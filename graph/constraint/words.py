"""Words of SQL: which cannot be names, which start an operand, which end a FROM clause, by dialect."""

from functools import lru_cache
from importlib.resources import files

import yaml

_COMMON = """
all alter and anti any as asc asof between by case cast charset check collate constraint create cross
current_catalog current_date current_time current_timestamp current_user default delete desc describe
distinct drop else end escape except exists false fetch filter for force foreign from full glob grant group
having ilike in inner insert install intersect interval into is join lateral left like limit lock natural
not notnull null offset on or order outer over partition partitioned_by primary qualify recursive references
regexp returning revoke right rlike rollback select semi session_user set similar some straight_join table
tablesample then true uncache union unique update using values when where window with within xor
"""
_EXTRA = {
    "sqlite": "add alter autoincrement commit deferrable index indexed isnull notnull transaction",
    "postgres": """
        analyse analyze array asymmetric authorization binary both column concurrently current_catalog
        current_role current_schema current_user deferrable do freeze grant initially isnull lateral leading
        localtime localtimestamp notnull only overlaps placing session_user symmetric system_user tablesample
        trailing user variadic verbose
    """,
    "mysql": """
        accessible add alter analyze asensitive before bigint binary blob both call cascade change char
        character column condition continue convert cube cume_dist current_user cursor database databases
        day_hour day_microsecond day_minute day_second dec decimal declare delayed dense_rank describe
        deterministic distinctrow div double dual each elseif empty enclosed escaped exit explain first_value
        float float4 float8 force fulltext function generated get grant grouping groups high_priority
        hour_microsecond hour_minute hour_second if ignore index infile inout insensitive int integer
        io_after_gtids iterate json_table key keys kill lag last_value lateral lead leading leave linear lines
        load localtime localtimestamp lock long longblob longtext loop low_priority master_bind match
        mediumblob mediumint mediumtext minute_microsecond minute_second mod modifies nth_value ntile numeric
        of optimize option optionally out outfile percent_rank precision procedure purge range rank read reads
        real release rename repeat replace require resignal restrict return revoke row row_number rows schema
        schemas second_microsecond sensitive separator show signal smallint spatial specific sql ssl starting
        stored straight_join system terminated text tinyblob tinyint tinytext to trailing trigger undo
        unlock unsigned usage use utc_date utc_time utc_timestamp varbinary varchar varying virtual while
        write xor year_month zerofill
    """,
    "duckdb": """
        analyse analyze anti array asof asymmetric both column deferrable describe do grant initially lambda
        lateral leading localtime localtimestamp map only pivot pivot_longer pivot_wider placing positional
        semi show struct summarize symmetric tablesample trailing try_cast unpivot variadic
    """,
}

UNITS = ("DAY", "HOUR", "MINUTE", "MONTH", "QUARTER", "SECOND", "WEEK", "YEAR")
PARTS = {
    "postgres": (*UNITS, "DOW", "DOY", "EPOCH", "ISODOW", "ISOYEAR"),
    "mysql": UNITS,
    "duckdb": (*UNITS, "DOW", "DOY", "EPOCH", "ISODOW", "ISOYEAR"),
}
"""What EXTRACT takes; SQLite has no EXTRACT."""

TYPES = {
    "sqlite": ("INTEGER", "REAL", "TEXT", "NUMERIC", "INT", "FLOAT"),
    "postgres": (
        *("INTEGER", "BIGINT", "INT", "NUMERIC", "DECIMAL", "DOUBLE PRECISION", "REAL", "FLOAT", "TEXT"),
        *("VARCHAR", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "TIME", "BOOLEAN", "INTERVAL"),
    ),
    "mysql": ("SIGNED", "UNSIGNED", "CHAR", "DATE", "DATETIME", "TIME", "DECIMAL", "DOUBLE", "FLOAT"),
    "duckdb": (
        *("INTEGER", "BIGINT", "INT", "HUGEINT", "NUMERIC", "DECIMAL", "DOUBLE", "REAL", "FLOAT", "TEXT"),
        *("VARCHAR", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "TIME", "BOOLEAN", "INTERVAL"),
    ),
}
SIZED = frozenset(("CHAR", "DECIMAL", "NUMERIC", "VARCHAR"))

AGGREGATES = frozenset(
    (
        *("ANY_VALUE", "ARRAY_AGG", "AVG", "BOOL_AND", "BOOL_OR", "COUNT", "GROUP_CONCAT", "LIST", "MAX"),
        *("MEDIAN", "MIN", "MODE", "STDDEV", "STRING_AGG", "SUM", "TOTAL", "VARIANCE"),
    )
)
"""Functions of many rows, which WHERE, ON and GROUP BY do not take."""

GROUPED, STAMPED = ("group_concat",), ("timestampadd", "timestampdiff")
WITHIN = {
    "postgres": ("mode", "percentile_cont", "percentile_disc"),
    "duckdb": ("percentile_cont", "percentile_disc"),
}
ODD = {"mysql": (*GROUPED, *STAMPED), **WITHIN}
"""Functions that take, or are followed by, more than expressions: they have rules of their own."""

LEAVING = frozenset(("EXCEPT", "GROUP", "HAVING", "INTERSECT", "LIMIT", "ORDER", "QUALIFY", "UNION", "WHERE"))
"""Words that end a FROM clause."""

JOINING = frozenset(("CROSS", "FULL", "INNER", "JOIN", "LEFT", "OUTER", "RIGHT"))

OPERANDS = frozenset(
    (
        *(
            "ALL",
            "CASE",
            "CAST",
            "CURRENT_DATE",
            "CURRENT_TIMESTAMP",
            "DISTINCT",
            "EXISTS",
            "EXTRACT",
            "FALSE",
        ),
        *("INTERVAL", "NOT", "NULL", "ORDER", "PARTITION", "SELECT", "TRUE", "TRY_CAST", "WHEN", "WHERE"),
        "WITH",
    )
)
"""Words, besides names and functions, that stand where an operand is due."""

ASKING = frozenset(
    (
        *("AND", "BETWEEN", "BY", "CASE", "DISTINCT", "ELSE", "ESCAPE", "EXISTS", "GLOB", "HAVING", "ILIKE"),
        *("IN", "INTERVAL", "IS", "LIKE", "LIMIT", "NOT", "OFFSET", "ON", "OR", "QUALIFY", "REGEXP"),
        *("SELECT", "SEPARATOR", "THEN", "WHEN", "WHERE"),
    )
)
"""Words after which an operand is due."""


@lru_cache
def reserved(dialect: str) -> frozenset[str]:
    """Words, in lower case, that cannot be a name without quotes."""
    return frozenset(f"{_COMMON} {_EXTRA[dialect]}".split())


@lru_cache
def functions(dialect: str) -> dict[str, tuple[str, ...]]:
    """Names, in lower case, of the functions that a model may call, by their number of arguments ('1-2')."""
    found: dict[str, list[str]] = {}
    for part in (_listed()["common"], _listed()[dialect]):
        for arity, names in part.items():
            found.setdefault(arity, []).extend(names)
    return {arity: tuple(names) for arity, names in sorted(found.items())}


def window_functions() -> dict[str, tuple[str, ...]]:
    """Names of the functions that need OVER, by their number of arguments."""
    return {arity: tuple(names) for arity, names in _listed()["window"].items()}


def all_functions(dialect: str) -> frozenset[str]:
    """Every name, those with brackets of their own kind too."""
    plain = (name for names in functions(dialect).values() for name in names)
    return frozenset(
        (*plain, *(n for names in window_functions().values() for n in names), *ODD.get(dialect, ()))
    )


@lru_cache
def _listed() -> dict[str, dict[str, list[str]]]:
    text = (files("graph.constraint") / "functions.yaml").read_text(encoding="utf-8")
    listed: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return listed
