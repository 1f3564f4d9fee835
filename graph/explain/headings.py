"""What the columns of an answer are called, in the team's words, with their units."""

from dataclasses import dataclass

from sqlglot import exp

from graph.explain.origins import Made, bare, selects
from graph.explain.periods import GRAINS
from graph.explain.speaker import Speaker, Unsaid
from graph.explain.units import is_percent, unit

LONGEST = 44
_LEADS: dict[type[exp.Expr], str] = {
    exp.Sum: "total", exp.Avg: "average", exp.Max: "highest", exp.Min: "lowest",
}  # fmt: skip


@dataclass(frozen=True)
class Heading:
    """`name` is empty where the tree has no better words than the column's own name.

    `share`: the values are parts of a whole, from 0 to 100 or from 0 to 1. `adds`: those of several rows can
    be added up. `grain` is 'month', 'weekday' and the like for parts of a date.
    """

    name: str = ""
    unit: str = ""
    share: bool = False
    adds: bool = False
    grain: str = ""

    def __str__(self) -> str:
        told = self.unit in self.name or (self.unit == "%" and "percent" in self.name)
        return f"{self.name} ({self.unit})" if self.unit and not told else self.name


def headings(tree: exp.Expr, say: Speaker) -> tuple[Heading, ...]:
    """One a column; none where the statement has a star."""
    select = next(selects(tree), None)
    if select is None or any(item.is_star for item in select.expressions):
        return ()
    return tuple(_heading(item, say) for item in select.expressions)


def _heading(item: exp.Expr, say: Speaker) -> Heading:
    node = bare(item)
    of = unit(node, say)
    name = item.alias.replace("_", " ").strip() if isinstance(item, exp.Alias) else _name(node, say)
    share = of == "%" or _is_share(node, say)
    adds = isinstance(node, exp.Sum) or (
        isinstance(node, exp.Count) and not isinstance(node.this, exp.Distinct)
    )
    grain = GRAINS.get(node.args["format"].name, "") if isinstance(node, exp.TimeToStr) else ""
    if len(name) > LONGEST:
        name, of = ("percent", "") if of == "%" else ("", of)
    return Heading(name, of, share, adds, grain)


def _name(node: exp.Expr, say: Speaker) -> str:
    for stamp in node.find_all(exp.TimeToStr):
        if node is stamp:
            return GRAINS.get(stamp.args["format"].name, "")
    if isinstance(node, exp.TimestampTrunc | exp.DateTrunc):
        return str(node.args["unit"].name).lower()
    found = say.origins.of(node) if isinstance(node, exp.Column) else None
    if isinstance(found, Made) and bare(found.node) is not node:
        name = found.node.alias.replace("_", " ") if isinstance(found.node, exp.Alias) else ""
        return name if len(name) > 2 else _name(bare(found.node), say)
    if type(node) in _LEADS and say.metric(node) is None and (stored := say.origins.stored(bare(node.this))):
        lead = _LEADS[type(node)]
        if stored.column.is_temporal:
            lead = {"highest": "latest", "lowest": "earliest"}.get(lead, lead)
        return f"{lead} {say.words.column(stored.full_name)}"
    try:
        words = say.value(node)
    except Unsaid:
        return ""
    if words.startswith("quarter "):
        return "quarter"
    if isinstance(node, exp.DPipe | exp.Concat):
        return words.removeprefix("name of the ")
    if isinstance(node, exp.Date):
        return "day"
    if words.startswith(("percentage of ", "share of ")) and " where " in words:
        return words.partition(" where ")[2]
    words = words.removeprefix("sum of the ").replace("average of the ", "average ", 1)
    return "" if words.startswith("'") or " where " in words else words


def _is_share(node: exp.Expr, say: Speaker) -> bool:
    """A percentage, an average of yes and no, or a part of the total over all rows."""
    if is_percent(node):
        return True
    if isinstance(node, exp.Avg):
        inner = bare(node.this)
        return isinstance(inner, exp.Predicate)
    if isinstance(node, exp.Div):
        over = bare(node.expression)
        return isinstance(over, exp.Window) and over.args.get("order") is None
    return False
