"""'Our best customers', 'how did we grow': a ranking or a change of nothing that is named."""

import re
from collections import deque
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from graph.common_words import COMMON
from graph.roots import root
from graph.vocabulary import Mention, Vocabulary
from knowledge.glossary import Term
from knowledge.link import Linked
from knowledge.schema import Schema
from knowledge.words import Token, tokens

MOST_CHOICES = 4
_FARTHEST = 3
_QUALITY = (
    r"best|worst|greatest|strongest|weakest|poorest|leading|favou?rite|top|main|key|(?:most|least)\s+(?:important|successful"
    r"|popular|valuable|loyal|effective|efficient|productive|significant|attractive|relevant)"
)
_SIZE = r"biggest|largest|smallest|major"
_SUPERLATIVE = re.compile(rf"\b(?:{_QUALITY}|{_SIZE})\b", re.IGNORECASE)
_IS_SIZE = re.compile(_SIZE, re.IGNORECASE)
_IS_JUDGED = re.compile(
    r"best|worst|strong|weak|poor|great|favou?rite|success|effective|efficient", re.IGNORECASE
)
_DOWN = re.compile(r"worst|weakest|poorest|smallest|least", re.IGNORECASE)
_GROWTH = re.compile(
    r"\b(?:grow|grew|grown|growing|growth|perform\w*)\b|\bhow\s+(?:did|are|were|have)\s+(?:we|things)\s+(?:do|doing|done|going)\b"
    r"|\bhow\s+(?:is|was)\s+(?:the\s+)?business\b",
    re.IGNORECASE,
)
_LESS_IS_BETTER = frozenset(
    root(word)
    for word in (
        *("cost", "expense", "late", "delay", "delayed", "churn", "cancellation", "return", "refund"),
        *("lost", "complaint", "time", "wait", "discount", "overdue", "lead"),
    )
)
_WAYS = ("money", "sum", "count", "avg", "rate")
_WAYS_OF_A_COLUMN = ("rate", "avg", "money", "sum", "count")
_NUMBER = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"
_HOW_MANY = re.compile(rf"\b({_NUMBER})\b", re.IGNORECASE)
_LAST_YEAR = re.compile(r"\bthis\s+(year|quarter|month|week)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Kind:
    """What a metric is made from: its table and how it is counted."""

    table: str
    way: str


def rankings(linked: Linked, vocabulary: Vocabulary) -> list[str]:
    """The question by each measure; none where it names one, or where a thing has a size of its own."""
    found = _SUPERLATIVE.search(linked.question)
    if found is None:
        return []
    words, mentions = _read(linked, vocabulary, held=[(found.start(), found.end())])
    entities = [m for m in mentions if _is_entity(m, vocabulary)]
    if len(entities) != 1 or _says_more(words, entities[0], mentions):
        return []
    by_size = _IS_SIZE.fullmatch(found[0]) is not None
    entity = entities[0]
    table, column = _ranked(entity)
    measures = _measures(table, vocabulary, column=bool(column), by_size=by_size)
    if (by_size and _has_own_size(table, column, vocabulary)) or len(measures) < 2:
        return []
    noun = words[entity.last - 1].raw.lower()
    many = noun != words[entity.last - 1].stem
    label = " ".join(word.raw.lower() for word in words[entity.first : entity.last])
    counted = _HOW_MANY.search(linked.question)
    number = counted[1] if counted else "10"
    rest = _rest(linked)
    said = []
    for term in measures[:MOST_CHOICES]:
        flipped = _IS_JUDGED.search(found[0]) is not None and _is_better_low(term)
        down = bool(_DOWN.search(found[0])) != flipped
        if many:
            said.append(f"{'bottom' if down else 'top'} {number} {label} by {term.term}{rest}")
        else:
            said.append(f"which {label} has the {'lowest' if down else 'highest'} {term.term}{rest}")
    return said


def changes(linked: Linked, vocabulary: Vocabulary) -> list[str]:
    """The question about the growth of each measure; none where it names one."""
    if not _GROWTH.search(linked.question):
        return []
    words, mentions = _read(linked, vocabulary)
    if any(m.places for m in mentions) or any(root(word.raw) not in COMMON | {"perform"} for word in words):
        return []
    period = " ".join(linked.question[slot.start : slot.end] for slot in linked.slots if slot.kind == "date")
    now = _LAST_YEAR.search(period)
    before = f" compared with last {now[1].lower()}" if now else ""
    chosen: dict[str, Term] = {}
    for term in vocabulary.terms:
        kind = _kind(term, vocabulary.schema)
        if kind is not None and term.date and kind.way in ("money", "sum", "count"):
            chosen.setdefault(kind.table, term)
    return [f"{term.term} {period}{before}".strip() for term in list(chosen.values())[:MOST_CHOICES]]


def _read(
    linked: Linked, vocabulary: Vocabulary, held: list[tuple[int, int]] | None = None
) -> tuple[list[Token], list[Mention]]:
    """The words outside slots and `held`, and what they mention."""
    taken = [*(held or []), *((slot.start, slot.end) for slot in linked.slots)]
    taken += [(hit.start, hit.end) for hit in linked.hits]
    words = [
        word
        for word in tokens(linked.question)
        if not any(start < word.end and word.start < end for start, end in taken)
    ]
    return words, vocabulary.mentions([root(word.raw) for word in words])


def _is_entity(mention: Mention, vocabulary: Vocabulary) -> bool:
    """Things that can be ranked: the rows of a table, or the values of a column that is no number."""
    for term in mention.terms:
        if term.table:
            return True
        table, _, name = term.column.partition(".")
        column = (
            vocabulary.schema.by_name[table].by_name.get(name) if table in vocabulary.schema.by_name else None
        )
        if column is not None and column.is_text:
            return True
    return False


def _ranked(entity: Mention) -> tuple[str, str]:
    """(table, column); the column is empty where the rows themselves are ranked, by their name or not."""
    for term in entity.terms:
        if term.table:
            return term.table, ""
    table, _, column = entity.terms[0].column.partition(".")
    return table, "" if column in ("name", "full_name", "title", "label") else column


def _says_more(words: list[Token], entity: Mention, mentions: list[Mention]) -> bool:
    """Whether a measure, or anything else that could be one, is named beside the entity."""
    if any(m is not entity and m.places for m in mentions):
        return True
    beside = (word for place, word in enumerate(words) if not entity.first <= place < entity.last)
    return any(root(word.raw) not in COMMON for word in beside)


def _measures(table: str, vocabulary: Vocabulary, *, column: bool, by_size: bool) -> list[Term]:
    """Metrics that can be told of each row: at most one of a way for each table, the glossary's first."""
    found: dict[_Kind, Term] = {}
    below = _below(table, vocabulary.schema)
    for term in vocabulary.terms:
        kind = _kind(term, vocabulary.schema, below)
        if kind is None or (by_size and kind.way not in ("money", "sum", "count")):
            continue
        if kind.table != table or column or (kind.way == "avg" and not by_size):
            found.setdefault(kind, term)
    if column:
        own = [(kind, term) for kind, term in found.items() if kind.table == table]
        return [term for _, term in sorted(own, key=lambda entry: _WAYS_OF_A_COLUMN.index(entry[0].way))]
    ranked = sorted(
        found.items(),
        key=lambda entry: (_WAYS.index(entry[0].way) > 2, below[entry[0].table], _WAYS.index(entry[0].way)),
    )
    money = [entry for entry in ranked if entry[0].way == "money"][:1]
    return [term for _, term in [*money, *(entry for entry in ranked if entry not in money)]]


def _below(table: str, schema: Schema) -> dict[str, int]:
    """The tables whose rows belong to one row of `table`, with how many keys lie between."""
    reached, queue = {table: 0}, deque([table])
    while queue:
        parent = queue.popleft()
        for key in schema.foreign_keys:
            if key.to_table == parent and key.table not in reached and reached[parent] < _FARTHEST:
                reached[key.table] = reached[parent] + 1
                queue.append(key.table)
    return reached


def _kind(term: Term, schema: Schema, within: dict[str, int] | None = None) -> _Kind | None:
    """Of the first of a metric's forms that reads tables `within`."""
    for sql in term.metric:
        tree = sqlglot.parse_one(sql, dialect=schema.dialect)
        tables = [column.table for column in tree.find_all(exp.Column) if column.table]
        if not tables or (within is not None and tables[0] not in within):
            continue
        return _Kind(tables[0], _way(tree, term.unit))
    return None


def _way(tree: exp.Expr, unit: str) -> str:
    if unit == "%":
        return "rate"
    if tree.find(exp.Avg, exp.Div) is not None or tree.find(exp.Sum, exp.Count) is None:
        return "avg"
    if tree.find(exp.Sum) is None:
        return "count"
    return "money" if unit else "sum"


def _has_own_size(table: str, column: str, vocabulary: Vocabulary) -> bool:
    """A refund's amount: the largest refund needs no further word."""
    return not column and any(
        _kind(term, vocabulary.schema) == _Kind(table, "money") and term.date.startswith(f"{table}.")
        for term in vocabulary.terms
    )


def _is_better_low(term: Term) -> bool:
    words = term.term.replace("on-time", "").replace("-", " ").split()
    return any(root(word) in _LESS_IS_BETTER for word in words)


def _rest(linked: Linked) -> str:
    """Values and dates of the question, each with the word before it."""
    parts = []
    for slot in linked.slots:
        if slot.kind == "number":
            continue
        before = linked.question[: slot.start].split()
        lead = (
            before[-1].lower()
            if before and before[-1].lower() in ("in", "from", "of", "at", "for", "by")
            else ""
        )
        parts.append(f"{lead} {linked.question[slot.start : slot.end]}".strip())
    return f" {' '.join(parts)}" if parts else ""
