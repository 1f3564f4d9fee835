"""A verified statement in the schema's own names: people choose other aliases, another case, or no alias."""

from dataclasses import dataclass, field, replace
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from graph.canonical import NotCanonicalError, renamed, text_of
from knowledge.examples import Example
from knowledge.schema import Schema


def in_own_names(example: Example, schema: Schema) -> Example:
    """The example with the aliases by which its values are found and other values take their place; as it
    stands where that cannot be told.
    """
    sql = _rewritten(example.sql, _Names(schema.fingerprint, schema))
    return example if sql == example.sql else replace(example, sql=sql)


@dataclass(frozen=True)
class _Names:
    """A schema that is compared by its fingerprint, which is quicker."""

    fingerprint: str
    schema: Schema = field(compare=False)


@lru_cache(maxsize=4096)
def _rewritten(sql: str, names: _Names) -> str:
    schema = names.schema
    try:
        tree = sqlglot.parse_one(sql, dialect=schema.dialect)
        if not isinstance(tree, exp.Query) or not _is_known(tree, schema) or _has_own_names(tree, schema):
            return sql
        return text_of(renamed(tree, schema), schema.dialect)
    except (SqlglotError, NotCanonicalError):
        return sql


def _is_known(tree: exp.Expr, schema: Schema) -> bool:
    known = {name.lower() for name in schema.by_name} | {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    return all(table.name.lower() in known for table in tree.find_all(exp.Table))


def _has_own_names(tree: exp.Expr, schema: Schema) -> bool:
    own = {schema.aliases.get(table.name, ""): table.alias for table in tree.find_all(exp.Table)}
    aliased = all(alias and taken.rstrip("0123456789") == alias for alias, taken in own.items())
    return aliased and all(column.table for column in tree.find_all(exp.Column))
