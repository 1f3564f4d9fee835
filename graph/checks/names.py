"""Only tables and columns that exist; where just one name can be meant, it takes the wrong one's place."""

from sqlglot import exp

from graph.checks.column_names import column_finding
from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.near_names import hint, near_names, only_near, table_ways
from graph.checks.outputs import Outputs
from graph.checks.scopes import Scopes, reads_cte

HOME = {"", "main", "public", "dbo"}
SYSTEM = ("information_schema", "mysql", "performance_schema", "pg_catalog", "sys", "system", "temp")
MOST_JOINED = 6


def names(tree: exp.Expr, context: CheckContext) -> Checked:
    """Hold every table and column against the schema, common table expressions and derived tables included.

    Where a column belongs to a table that is one join away and cannot multiply rows, that join is added.

    >>> # SELECT net_amont FROM orders  ->  SELECT net_amount FROM orders, with a mended finding
    """
    tree = tree.copy()
    findings = _tables(tree, context)
    if any(not finding.mended for finding in findings):
        return Checked(tree, tuple(findings))
    for _ in range(MOST_JOINED):
        found, joined = _columns(tree, context)
        findings += found
        if not joined:
            break
    return Checked(tree, tuple(dict.fromkeys(findings)))


def _columns(tree: exp.Expr, context: CheckContext) -> tuple[list[Finding], bool]:
    """Up to the first join that had to be added: after it the statement has other sources."""
    scopes = Scopes(tree, context.schema)
    outputs, findings = Outputs(scopes), list[Finding]()
    for select in scopes.selects:
        for column in scopes.columns[id(select)]:
            joins = len(select.args.get("joins") or ())
            finding = column_finding(column, select, scopes, outputs, context)
            if finding is not None:
                findings.append(finding)
            if len(select.args.get("joins") or ()) > joins:
                return [one for one in findings if one.mended], True
    return findings, False


def _tables(tree: exp.Expr, context: CheckContext) -> list[Finding]:
    schema, ways = context.schema, table_ways(context)
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
        only = only_near(table.name, schema.by_name, ways)
        mend = f"use {only}" if only else hint(near_names(table.name, schema.by_name, ways))
        if only:
            _rename_table(table, only)
        findings.append(_table_finding(full_name, "does not exist", mend, mended=only is not None))
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
