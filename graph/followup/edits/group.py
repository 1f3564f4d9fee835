"""By what the answer is split: 'by month', 'per warehouse instead', 'also by channel', 'in total'."""

from dataclasses import dataclass, replace

from sqlglot import exp

from graph.followup.edits.edit import Edit, Kind, patterns
from graph.followup.items import Item
from graph.followup.pattern import Match
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole

_MORE = frozenset(("also", "additionally", "too", "further", "well"))


@dataclass(frozen=True)
class Group:
    """No `items`: all in one. With `more`, beside what it is split by already."""

    items: tuple[Item, ...]
    more: bool = False

    def text(self, whole: Whole) -> Whole:
        words = "by " + " and ".join(item.text.lower() for item in self.items) if self.items else ""
        if self.more and whole.groups:
            place = whole.groups[-1].end
            return whole.insert(place, "and " + words.removeprefix("by "))
        for part in reversed(whole.groups[1:]):
            whole = whole.put(part, "")
        if whole.groups:
            return whole.put(whole.groups[0], words)
        return whole.append(words) if words else whole

    def tree(self, statement: Statement) -> None:
        dimensions: list[exp.Expr] = []
        keys: list[exp.Expr] = []
        if self.more and statement.grouped:
            dimensions += [node.copy() for node in statement.dimensions]
            keys += statement.places(statement.select.args["group"].expressions)
        for item in self.items:
            shown, by = _dimension(item, statement)
            dimensions += shown
            keys += by
        time = any(item.grain for item in self.items[:1]) and not keys[:-1]
        statement.group(dimensions, keys, time=time)


def _dimension(item: Item, statement: Statement) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """What is shown and what is grouped by."""
    if item.grain:
        grain = statement.grain(item.grain)
        return [exp.alias_(grain, item.grain)], [grain]
    named = next((term for term in item.tables if term.table != statement.base), None)
    own = [term for term in item.columns if statement.knows(term.column.partition(".")[0])]
    if named is not None and (statement.knows(named.table) or not own):
        labels = statement.labels(named.table)
        return labels, labels if len(labels) == 1 else [statement.key(named.table), *labels]
    if not own and len({term.column.partition(".")[0] for term in item.columns}) > 1:
        own = [term for term in item.columns if _reachable(term.column, statement)]
    term = next(iter(own or item.columns), None)
    if term is None:
        raise UncertainError
    column = statement.column(term.column)
    return [column], [column]


def _reachable(column: str, statement: Statement) -> bool:
    before = statement.select.copy()
    try:
        statement.column(column)
    except UncertainError:
        return False
    finally:
        statement.select = before
    return True


def read(match: Match, was: Whole) -> Edit | None:
    items = match.all("column", "grain", "adverb", "filter")
    if not items and not {"total", "overall", "altogether", "together", "time"}.intersection(match.words):
        return None
    if "time" in match.words:
        return None
    return Group(
        tuple(replace(item, text=_noun(item)) for item in items), bool(_MORE.intersection(match.words))
    )


def _noun(item: Item) -> str:
    return item.grain if item.word.endswith("ly") else item.text


_SPLIT = "also|additionally|further? split|break|broken|group|grouped|divided?"
KIND = Kind(
    "group",
    read,
    patterns(
        f"{_SPLIT} it|that|this|them? down|up|out|further? by|per <column|grain|filter>+ as? too|well?",
        "also|additionally? by|per each? <column|grain|filter>+ as? too|well?",
        "also|additionally? for each|every <column|grain|filter>+ as? too|well?",
        "<grain> by <grain>",
        "<adverb>",
        "what|whats is|was|s? the? total|sum overall? $",
        "in total",
        "overall",
        "all together",
        "altogether",
    ),
)
