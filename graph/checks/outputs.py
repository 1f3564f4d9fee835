"""The columns that a source of a SELECT offers: a table's, or those that a query in its place gives."""

from sqlglot import exp

from graph.checks.scopes import Scopes, Source, definition


class Outputs:
    """The column names that a source offers; None where they cannot be told."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes
        self._known: dict[int, frozenset[str] | None] = {}

    def of(self, source: Source) -> frozenset[str] | None:
        key = id(source.node)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._find(source)
        return self._known[key]

    def _find(self, source: Source) -> frozenset[str] | None:
        if source.table is not None:
            return frozenset(c.name.lower() for c in self._scopes.schema.by_name[source.table].columns)
        alias = source.node.args.get("alias")
        if alias is not None and alias.columns:
            return frozenset(column.name.lower() for column in alias.columns)
        if isinstance(source.node, exp.Subquery):
            return self._of_query(source.node.this)
        cte = definition(source.node)
        if cte is None:
            return None
        if cte.args["alias"].columns:
            return frozenset(column.name.lower() for column in cte.args["alias"].columns)
        return self._of_query(cte.this)

    def _of_query(self, query: exp.Expr) -> frozenset[str] | None:
        while isinstance(query, exp.SetOperation | exp.Subquery):
            query = query.this
        if not isinstance(query, exp.Select):
            return None
        names: set[str] = set()
        for item in query.expressions:
            star = item.this if isinstance(item, exp.Column) else item
            if isinstance(star, exp.Star):
                wanted = item.table.lower() if isinstance(item, exp.Column) else ""
                for source in self._scopes.of(query):
                    offered = self.of(source)
                    if wanted and source.alias.lower() != wanted:
                        continue
                    if offered is None:
                        return None
                    names |= offered
            elif item.alias_or_name:
                names.add(item.alias_or_name.lower())
            else:
                return None
        return frozenset(names)
