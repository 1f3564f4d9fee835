"""Columns that may be worked with, and are never shown."""

from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.forbidden_columns import spells_out, without_stars
from graph.checks.scopes import Base, Scopes, column_name, first_select, is_star, query_of, renamed, scopes_of


def masked_columns(tree: exp.Expr, context: CheckContext) -> Checked:
    """Keep the values of masked columns out of what a statement shows.

    Applies when: a rule's `mask` names a column of a table that is read, and holds for who asks.
    Violated when: a column of the answer is made of its values, in whatever way but COUNT, also through
    sub-queries and common table expressions. To join, to filter and to group by it is allowed.
    Says: which rule keeps it from being shown.
    Mends: a star that would show it is spelled out without it. Else words for the model.

    >>> # SELECT c.email, COUNT(*) FROM customers c GROUP BY c.email  ->  finding at customers.email
    """
    owners = {name.lower(): rule.rule for rule in context.held for name in rule.mask}
    if not owners:
        return Checked(tree)
    scopes = scopes_of(tree, context.schema)
    findings: list[Finding] = []
    if spells_out(scopes, owners):
        tree = tree.copy()
        findings += without_stars("masked_columns", Scopes(tree, context.schema), owners)
        scopes = Scopes(tree, context.schema)
    for table, name in sorted(_shown(scopes)):
        rule = owners.get(f"{table}.{name}".lower())
        if rule is not None:
            why = f"the rule {rule} lets {table}.{name} be counted and joined, and never shown"
            findings.append(Finding("masked_columns", f"{table}.{name}", why, "count it, or leave it out"))
    return Checked(tree, tuple(findings))


def _shown(scopes: Scopes) -> set[Base]:
    """The stored columns of which the answer's columns are made."""
    looker = _Looker(scopes)
    looker.look(scopes.tree)
    return looker.shown


class _Looker:
    """Follows the columns of an answer to where they are stored."""

    def __init__(self, scopes: Scopes) -> None:
        self.scopes = scopes
        self.shown: set[Base] = set()
        self._seen: set[tuple[int, int | None]] = set()

    def look(self, query: exp.Expr, place: int | None = None) -> None:
        """Look at a query's select list, or at one place of it."""
        if (id(query), place) in self._seen:
            return
        self._seen.add((id(query), place))
        if isinstance(query, exp.Subquery):
            self.look(query.this, place)
        elif isinstance(query, exp.SetOperation):
            self.look(query.this, place)
            self.look(query.expression, place)
        elif isinstance(query, exp.Select):
            for number, item in enumerate(query.expressions):
                if place is None or number == place or is_star(item):
                    self._look_at(item, query)

    def _look_at(self, item: exp.Expr, select: exp.Select) -> None:
        if is_star(item):
            for source in self.scopes.of(select):
                if not isinstance(item, exp.Column) or source.alias.lower() == item.table.lower():
                    inner = query_of(source)
                    if inner is not None:
                        self.look(inner)
            return
        for node in item.walk(prune=_ends):
            if isinstance(node, exp.Query) and not isinstance(node.parent, exp.In | exp.Exists):
                self.look(node)
            elif isinstance(node, exp.Column) and not _is_only_compared(node):
                self._look_behind(node)

    def _look_behind(self, column: exp.Column) -> None:
        source = self.scopes.source_of(column)
        if source is None:
            return
        if source.table is not None:
            name = column_name(self.scopes.schema, source.table, column.name)
            self.shown.add((source.table, name))
            return
        query = query_of(source)
        select = first_select(query) if query is not None else None
        if query is None or select is None:
            return
        names = renamed(source) or [item.alias_or_name for item in select.expressions]
        places = [number for number, name in enumerate(names) if name.lower() == column.name.lower()]
        if any(is_star(item) for item in select.expressions):
            behind = self.scopes.behind(column, source)
            if isinstance(behind, exp.Column):
                self._look_behind(behind)
            elif behind is None:
                self.look(query)
        for place in places:
            self.look(query, place)


def _ends(node: exp.Expr) -> bool:
    """Where the values of what is below do not come through: counts and questions whether rows exist."""
    return isinstance(node, exp.Count | exp.Exists | exp.Query)


def _is_only_compared(column: exp.Column) -> bool:
    """Whether it is only asked if the column is filled, or rows are counted by comparing it."""
    if isinstance(column.parent, exp.Is):
        return True
    compared, node = False, column.parent
    while node is not None and not isinstance(node, exp.Select):
        compared = compared or isinstance(node, exp.Predicate)
        if isinstance(node, exp.AggFunc):
            return compared
        node = node.parent
    return False
