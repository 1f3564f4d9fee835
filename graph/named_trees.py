"""Tables, columns and joins as trees, in quotes where their names need them."""

from collections.abc import Mapping

from sqlglot import exp

from graph.constraint.names import written
from knowledge.schema import ForeignKey


def identifier(name: str, dialect: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=written(name, dialect) != name)


def table_as(name: str, alias: str, dialect: str) -> exp.Table:
    """'"Order Details" AS od'."""
    named = exp.TableAlias(this=identifier(alias, dialect))
    return exp.Table(this=identifier(name, dialect), alias=named)


def joined_on(key: ForeignKey, aliases: Mapping[str, str], dialect: str) -> exp.Condition:
    """'od."Order ID" = o."Order ID"', by the aliases of both tables."""
    pairs = zip(key.columns, key.to_columns, strict=True)
    return exp.and_(
        *(
            exp.EQ(
                this=exp.Column(this=identifier(near, dialect), table=exp.to_identifier(aliases[key.table])),
                expression=exp.Column(
                    this=identifier(far, dialect), table=exp.to_identifier(aliases[key.to_table])
                ),
            )
            for near, far in pairs
        )
    )
