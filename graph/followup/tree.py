"""The statement before, as a tree: its tables, and columns under their aliases."""

from collections.abc import Sequence

import sqlglot
from sqlglot import exp

from graph.checks import strip_rules
from graph.followup.lexicon import Lexicon
from graph.named_trees import joined_on, table_as
from knowledge.joins import join_path
from knowledge.rules import Rule


class UncertainError(Exception):
    """The edit has no one meaning in this statement."""


class Tree:
    """One SELECT over tables, without what business rules add; `select` is its root."""

    def __init__(self, sql: str, lexicon: Lexicon, rules: Sequence[Rule], question: str = "") -> None:
        self.schema = lexicon.schema
        self.lexicon = lexicon
        tree = sqlglot.parse_one(sql, dialect=self.schema.dialect)
        tree = strip_rules(tree, self.schema, rules, question)
        if not isinstance(tree, exp.Select) or tree.args.get("with_") or tree.args.get("from_") is None:
            raise UncertainError
        self.select = tree

    def sql(self) -> str:
        return self.select.sql(dialect=self.schema.dialect)

    @property
    def sources(self) -> dict[str, str]:
        """Alias -> table, in the order of the joins."""
        nodes = [self.select.args["from_"].this, *(join.this for join in self.select.args.get("joins") or ())]
        if not all(isinstance(node, exp.Table) and node.name in self.schema.by_name for node in nodes):
            raise UncertainError
        return {node.alias_or_name: node.name for node in nodes}

    @property
    def base(self) -> str:
        """The table in FROM; the others must be what its rows belong to, else nothing is certain."""
        return next(iter(self.sources.values()))

    def alias(self, table: str) -> str:
        """The alias of a table, joined where it is missing and every step leads to one row."""
        for alias, name in self.sources.items():
            if name == table:
                return alias
        reached = dict.fromkeys(self.sources.values())
        path = join_path(self.schema, [*reached, table])
        aliases = {name: alias for alias, name in reversed(self.sources.items())}
        for key in path or ():
            if key.to_table in reached and key.table in reached:
                continue
            if key.table not in reached or key.to_table in reached:
                raise UncertainError
            aliases[key.to_table] = self._free(self.schema.aliases[key.to_table])
            reached[key.to_table] = None
            on = joined_on(key, aliases, self.schema.dialect)
            joined = table_as(key.to_table, aliases[key.to_table], self.schema.dialect)
            self.select.join(joined, on=on, copy=False)
        if table not in aliases:
            raise UncertainError
        return aliases[table]

    def _free(self, alias: str) -> str:
        """The alias, with a number where the statement uses it for something else."""
        taken = {node.alias_or_name for node in self.select.find_all(exp.Table)}
        names = (alias, *(f"{alias}{n}" for n in range(2, len(taken) + 3)))
        return next(name for name in names if name not in taken)

    def column(self, name: str) -> exp.Column:
        """The column 'table.column' under its table's alias."""
        table, _, column = name.rpartition(".")
        return exp.column(column, table=self.alias(table))

    def expression(self, sql: str) -> exp.Expr:
        """An expression of the glossary, with the aliases of this statement."""
        tree = sqlglot.parse_one(sql, dialect=self.schema.dialect)
        for column in list(tree.find_all(exp.Column)):
            if column.table and column.find_ancestor(exp.Select) is None:
                column.set("table", exp.to_identifier(self.alias(column.table)))
        return tree

    def parsed(self, template: str, node: exp.Expr) -> exp.Expr:
        """An expression written around another."""
        dialect = self.schema.dialect
        shown = sqlglot.parse_one(f"SELECT {template.format(node.sql(dialect=dialect))}", dialect=dialect)
        found: exp.Expr = shown.expressions[0]
        return found

    def knows(self, table: str) -> bool:
        return table in self.sources.values()
