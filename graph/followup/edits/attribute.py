"""More about the rows of the answer: 'their ratings', 'how much budget did that one have?'."""

from dataclasses import dataclass

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.items import Item
from graph.followup.pattern import Match
from graph.followup.reach import belongs
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole
from graph.named_trees import table_as


@dataclass(frozen=True)
class Attribute:
    items: tuple[Item, ...]

    def text(self, whole: Whole) -> Whole:
        return whole.append("with their " + " and ".join(item.text.lower() for item in self.items), ",")

    def tree(self, statement: Statement) -> None:
        """Columns beside the rows of a list; of groups, a query on what they are groups of."""
        owner = statement.entity()
        if statement.grouped:
            statement.by_place()
            _rows_of(owner, statement)
        for item in self.items:
            for node in _columns(item, owner, statement):
                if node not in statement.select.expressions:
                    statement.select.append("expressions", node)


def _columns(item: Item, owner: str, statement: Statement) -> list[exp.Expr]:
    near = [term for term in item.columns if term.column.partition(".")[0] == owner]
    if near:
        return [statement.column(near[0].column)]
    table = next((t.table for t in item.tables if belongs(statement.schema, owner, t.table)), None)
    if table is not None:
        return statement.labels(table)
    further = [t for t in item.columns if belongs(statement.schema, owner, t.column.partition(".")[0])]
    if len(further) != 1:
        raise UncertainError
    return [statement.column(further[0].column)]


def _rows_of(owner: str, statement: Statement) -> None:
    """SELECT ... FROM owner WHERE key IN (the keys of the groups)."""
    inner, key = statement.select, statement.key(owner)
    group, order = inner.args["group"], inner.args.get("order")
    keys = statement.places(group.expressions)
    for entry in order.expressions if order is not None else ():
        entry.set("this", statement.places([entry.this])[0])
    labels = [exp.column(name, table=key.table) for name in statement.lexicon.label(owner)]
    if any(node not in (key, *labels) for node in keys):
        raise UncertainError
    inner.set("expressions", [key.copy()])
    inner.set("group", exp.Group(expressions=[key.copy()]))
    outer = exp.select(*labels).from_(table_as(owner, key.table, statement.schema.dialect))
    own = exp.In(this=key.copy(), query=exp.Subquery(this=inner.copy()))
    statement.select = outer.where(own)


def read(match: Match, was: Whole) -> Edit | None:
    items = match.all("named")
    return Attribute(items) if items and not any(item.metrics for item in items) else None


_ONE = "it|they|them|he|she|that|those|these|this|each|one"
_DOES = "do|did|does|has|have|had|was|were|is|are"
_HAVE = "have|has|had|got|get|from|in|come|belong? from|to|in?"
KIND = Kind(
    "attribute",
    read,
    patterns(
        "what|whats|show|give|add|list|and|with|include|tell? is|are|me|also? their|its|his|her <named>+",
        f"what|whats|show|give|add|list? is|are|me? the? <named>+ of|for {_ONE} {_ONE}?",
        f"how|what|which much|many? <named> {_DOES} {_ONE} {_ONE}? {_HAVE}",
    ),
)
