"""Only tables and columns that exist; where just one name is near, it takes the wrong one's place."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlglot import exp

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.scopes import Scopes, Source, definition, has_column, reads_cte
from knowledge.schema import Schema

HOME = {"", "main", "public", "dbo"}
SYSTEM = ("information_schema", "mysql", "performance_schema", "pg_catalog", "sys", "system", "temp")
NEAR, SURE, APART = 70.0, 85.0, 10.0


def names(tree: exp.Expr, context: CheckContext) -> Checked:
    """Hold every table and column against the schema, common table expressions and derived tables included.

    >>> # SELECT net_amont FROM orders  ->  SELECT net_amount FROM orders, with a mended finding
    """
    tree = tree.copy()
    findings = _tables(tree, context.schema)
    if any(not finding.mended for finding in findings):
        return Checked(tree, tuple(findings))
    scopes = Scopes(tree, context.schema)
    outputs = _Outputs(scopes)
    for select in scopes.selects:
        for column in scopes.columns[id(select)]:
            finding = _column(column, select, scopes, outputs)
            if finding is not None:
                findings.append(finding)
    return Checked(tree, tuple(dict.fromkeys(findings)))


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """Known names that look like `name`, best first."""
    found = process.extract(name.lower(), {n: n.lower() for n in known}, scorer=fuzz.ratio, limit=3)
    return [key for _, score, key in found if score >= NEAR]


def _only_near(name: str, known: Iterable[str]) -> str | None:
    found = process.extract(name.lower(), {n: n.lower() for n in known}, scorer=fuzz.ratio, limit=2)
    if not found or found[0][1] < SURE:
        return None
    return str(found[0][2]) if len(found) == 1 or found[0][1] - found[1][1] >= APART else None


def _tables(tree: exp.Expr, schema: Schema) -> list[Finding]:
    known = {table.name.lower(): table.name for table in schema.tables}
    findings = []
    for table in list(tree.find_all(exp.Table)):
        if not isinstance(table.this, exp.Identifier) or reads_cte(table):
            continue
        full_name = ".".join(part.name for part in table.parts)
        space = ".".join(part.name.lower() for part in table.parts[:-1])
        if table.name.lower() in known:
            if space not in HOME:
                findings.append(_table_finding(full_name, "is not a table of this workspace", ""))
            elif table.args.get("alias") is not None and table.args["alias"].columns:
                why = "renames its columns, which Quarry does not follow"
                findings.append(_table_finding(full_name, why, "use the columns' own names"))
            continue
        if space in SYSTEM or space not in HOME or _is_system(table.name):
            findings.append(_table_finding(full_name, "is not a table of this workspace", ""))
            continue
        only = _only_near(table.name, schema.by_name)
        hint = f"use {only}" if only else _hint(near_names(table.name, schema.by_name))
        if only:
            _rename_table(table, only)
        findings.append(_table_finding(full_name, "does not exist", hint, mended=only is not None))
    return findings


def _is_system(name: str) -> bool:
    return name.lower().startswith(("sqlite_", "pg_", "duckdb_", "pragma_"))


def _table_finding(name: str, what: str, mend: str, *, mended: bool = False) -> Finding:
    return Finding("names", name, f"the table {name} {what}", mend, mended)


def _rename_table(table: exp.Table, name: str) -> None:
    """Give a table its right name and keep the old one as its alias, so that columns still find it."""
    if not table.alias:
        table.set("alias", exp.TableAlias(this=table.this.copy()))
    table.set("this", exp.to_identifier(name))


class _Outputs:
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


@dataclass(frozen=True)
class _Place:
    """A SELECT around a column, and what it offers under each alias."""

    sources: list[Source]
    offers: list[frozenset[str] | None]


def _column(column: exp.Column, select: exp.Select, scopes: Scopes, outputs: _Outputs) -> Finding | None:
    places = []
    around: exp.Select | None = select
    while around is not None:
        sources = scopes.of(around)
        places.append(_Place(sources, [outputs.of(source) for source in sources]))
        around = around.find_ancestor(exp.Select)
    if column.table:
        return _qualified(column, places, scopes.schema)
    return None if isinstance(column.this, exp.Star) else _bare(column, select, places, scopes.schema)


def _qualified(column: exp.Column, places: list[_Place], schema: Schema) -> Finding | None:
    qualifier, name = column.table.lower(), column.name.lower()
    for place in places:
        for source, offered in zip(place.sources, place.offers, strict=True):
            if source.alias.lower() != qualifier:
                continue
            if offered is None or name in offered or isinstance(column.this, exp.Star):
                return None
            return _mend_column(column, place, offered)
    for place in places:
        fitting = [s for s in place.sources if s.table and qualifier in (s.table, schema.aliases[s.table])]
        if len(fitting) == 1 and (name == "*" or has_column(schema, fitting[0].table or "", name)):
            before = column.sql()
            column.set("table", exp.to_identifier(fitting[0].alias))
            return _finding(
                before, f"{qualifier} is called {fitting[0].alias} here", column.sql(), mended=True
            )
    tables = {alias: table for table, alias in schema.aliases.items()}
    missing = tables.get(qualifier, qualifier)
    return _finding(column.sql(), f"{qualifier} is not in the FROM clause", f"join {missing} or leave it out")


def _mend_column(column: exp.Column, place: _Place, offered: frozenset[str]) -> Finding:
    before, why = column.sql(), f"{column.table} has no column {column.name}"
    elsewhere = [
        source.alias
        for source, offer in zip(place.sources, place.offers, strict=True)
        if offer is not None and column.name.lower() in offer
    ]
    if len(elsewhere) == 1:
        column.set("table", exp.to_identifier(elsewhere[0]))
        return _finding(before, why, f"use {column.sql()}", mended=True)
    only = _only_near(column.name, offered) if not elsewhere else None
    if only:
        column.set("this", exp.to_identifier(only))
        return _finding(before, why, f"use {column.sql()}", mended=True)
    return _finding(before, why, _hint(near_names(column.name, offered)))


def _bare(column: exp.Column, select: exp.Select, places: list[_Place], schema: Schema) -> Finding | None:
    name = column.name.lower()
    if any(item.alias.lower() == name for item in select.expressions if isinstance(item, exp.Alias)):
        return None
    known: set[str] = set()
    for place in places:
        for offered in place.offers:
            if offered is None or name in offered:
                return None
            known |= offered
    before = column.sql()
    if column.this.quoted and schema.dialect in ("sqlite", "mysql"):
        column.replace(exp.Literal.string(column.name))
        return _finding(before, f"{before} is no column", "write text in single quotes", mended=True)
    only = _only_near(name, known)
    if only:
        column.set("this", exp.to_identifier(only))
        return _finding(before, f"there is no column {before}", f"use {only}", mended=True)
    return _finding(before, f"there is no column {before}", _hint(near_names(name, known)))


def _hint(near: list[str]) -> str:
    return f"perhaps {' or '.join(near)}" if near else "use a name from the schema"


def _finding(where: str, why: str, mend: str, *, mended: bool = False) -> Finding:
    return Finding("names", where, why, mend, mended)
