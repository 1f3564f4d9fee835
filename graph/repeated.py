"""A list of values that holds one twice: IN ('web', 'web') where the question says app and web."""

from dataclasses import replace

from sqlglot import exp

from graph.checks import Finding, Gated
from graph.checks.scopes import Scopes
from knowledge.link import Linked
from knowledge.schema import Schema


def repeated(gated: Gated, linked: Linked, schema: Schema) -> Gated:
    """The statement with what the question names in place of the repeats, or without these.

    Applies when: a column is compared with a list of texts or codes.
    Violated when: one of them stands in it twice.
    Mends: a repeat becomes the value of that column that the question names and the list lacks; where there
    is none it is dropped.
    """
    if gated.tree is None:
        return gated
    tree, findings = gated.tree.copy(), []
    for node in list(tree.find_all(exp.In)):
        values = [value for value in node.expressions if isinstance(value, exp.Literal)]
        different = list(dict.fromkeys(value.name for value in values))
        if not isinstance(node.this, exp.Column) or not len(different) < len(values) == len(node.expressions):
            continue
        base = Scopes(tree, schema).base_of(node.this)
        lacking = [name for name in _named(linked, base) if name not in different]
        kept = [*different, *lacking[: len(values) - len(different)]]
        string = values[0].is_string
        node.set("expressions", [exp.Literal(this=name, is_string=string) for name in kept])
        where, mend = f"{node.this.sql()} IN", f"use {', '.join(kept)}"
        findings.append(Finding("repeated", where, "one value stands twice in the list", mend, mended=True))
    if not findings:
        return gated
    sql = tree.sql(dialect=schema.dialect, comments=False)
    return replace(gated, sql=sql, tree=tree, findings=(*gated.findings, *findings))


def _named(linked: Linked, base: tuple[str, str] | None) -> list[str]:
    """The values of the column that the question names, in its order."""
    hits = sorted(linked.hits, key=lambda hit: hit.start)
    return list(dict.fromkeys(str(hit.value) for hit in hits if (hit.table, hit.column) == base))
