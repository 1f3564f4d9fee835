"""What a log suggests to write down: rules that nobody wrote, metrics, other names, keys."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.glossary import Term
from knowledge.patterns.counts import Patterns
from knowledge.patterns.normal import normal
from knowledge.rules import Rule
from knowledge.schema import Schema
from knowledge.words import key

OFTEN = 0.9
"""A filter in this share of the queries on a table is meant to hold always."""

LEAST_QUERIES = 20
"""On fewer queries nothing is said of a table."""

LEAST_CALLS = 5
"""A name, a metric or a join that was used less often may be anybody's whim."""

_STANDING = ("=", "<>", "IN", "NOT IN", "IS NULL", "IS NOT NULL")


@dataclass(frozen=True)
class ProposedRule:
    """`condition` holds in `share` of the `queries` on `table`; `{t}` stands for its alias."""

    table: str
    condition: str
    share: float
    queries: int

    @property
    def name(self) -> str:
        return "-".join(
            re.findall(r"[a-z0-9]+", f"{self.table} {self.condition.replace('{t}.', '')}".lower())
        )[:60]


@dataclass(frozen=True)
class ProposedTerm:
    """A metric or a column by the names that queries give it; `calls` counts them."""

    term: str
    synonyms: tuple[str, ...]
    metric: str
    column: str
    calls: int


@dataclass(frozen=True)
class Conflict:
    """One name for different expressions: somebody has to say which is meant."""

    name: str
    expressions: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Proposals:
    rules: tuple[ProposedRule, ...] = ()
    terms: tuple[ProposedTerm, ...] = ()
    joins: tuple[tuple[str, str, int], ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def propose(patterns: Patterns, schema: Schema, rules: Sequence[Rule], glossary: Sequence[Term]) -> Proposals:
    """What the log says and the workspace's knowledge does not, the most frequent first."""
    conflicts = tuple(_conflicts(patterns))
    unclear = {key(conflict.name) for conflict in conflicts}
    return Proposals(
        rules=tuple(_rules(patterns, rules)),
        terms=tuple(_terms(patterns, glossary, unclear)),
        joins=tuple(_joins(patterns, schema)),
        conflicts=conflicts,
    )


def _rules(patterns: Patterns, rules: Sequence[Rule]) -> Iterator[ProposedRule]:
    for (table, column, sign), values in sorted(patterns.filters.items()):
        queries = patterns.with_tables[table]
        if sign not in _STANDING or queries < LEAST_QUERIES:
            continue
        value, calls = values.most_common(1)[0]
        condition = _condition(column, sign, value)
        share = min(1.0, calls / queries)
        if share >= OFTEN and not any(_says(rule, table, column) for rule in rules):
            yield ProposedRule(table, condition, share, queries)


def _condition(column: str, sign: str, value: str) -> str:
    if sign.startswith("IS"):
        return f"{{t}}.{column} {sign}"
    return f"{{t}}.{column} {sign} {f'({value})' if sign.endswith('IN') else value}"


def _says(rule: Rule, table: str, column: str) -> bool:
    return table in rule.require and re.search(rf"\b{re.escape(column)}\b", rule.require[table]) is not None


def _terms(patterns: Patterns, glossary: Sequence[Term], unclear: set[str]) -> Iterator[ProposedTerm]:
    known = {key(name) for term in glossary for name in term.names}
    metrics = {normal(sql) for term in glossary for sql in term.metric}
    by_metric: dict[str, dict[str, int]] = defaultdict(dict)
    for (sql, said), calls in patterns.measures.items():
        if said:
            by_metric[sql][_words(said)] = by_metric[sql].get(_words(said), 0) + calls
    by_column: dict[str, dict[str, int]] = defaultdict(dict)
    for (column, said), calls in patterns.named.items():
        by_column[column][_words(said)] = by_column[column].get(_words(said), 0) + calls
    found = [
        *_named(
            by_metric, known, unclear, {sql for sql in by_metric if normal(sql) in metrics}, is_metric=True
        ),
        *_named(by_column, known, unclear, {t.column for t in glossary if t.column}, is_metric=False),
    ]
    yield from sorted(found, key=lambda term: (-term.calls, term.term))


def _named(
    names: dict[str, dict[str, int]], known: set[str], unclear: set[str], said: set[str], *, is_metric: bool
) -> Iterator[ProposedTerm]:
    for what, by in names.items():
        often = [
            (name, n) for name, n in sorted(by.items(), key=lambda entry: (-entry[1], entry[0]))
            if n >= LEAST_CALLS and key(name) not in known | unclear and len(name) > 1
        ]  # fmt: skip
        if often and what not in said:
            (term, _), *others = often
            metric, column = (what, "") if is_metric else ("", what)
            yield ProposedTerm(
                term, tuple(name for name, _ in others), metric, column, sum(n for _, n in often)
            )


def _conflicts(patterns: Patterns) -> Iterator[Conflict]:
    by_name: dict[str, dict[str, int]] = defaultdict(dict)
    for (sql, said), calls in patterns.measures.items():
        if said:
            by_name[_words(said)][normal(sql)] = by_name[_words(said)].get(normal(sql), 0) + calls
    for name, expressions in sorted(by_name.items()):
        often = [(sql, n) for sql, n in sorted(expressions.items(), key=lambda e: -e[1]) if n >= LEAST_CALLS]
        if len(often) > 1 and often[1][1] * 10 >= often[0][1]:
            yield Conflict(name, tuple(often))


def _joins(patterns: Patterns, schema: Schema) -> Iterator[tuple[str, str, int]]:
    declared = {
        frozenset((f"{k.table}.{one}", f"{k.to_table}.{two}"))
        for k in schema.foreign_keys
        for one, two in zip(k.columns, k.to_columns, strict=True)
    }
    for (one, two), calls in patterns.joins.most_common():
        if calls >= LEAST_CALLS and frozenset((one, two)) not in declared:
            yield one, two, calls


def _words(said: str) -> str:
    return re.sub(r"[\s_]+", " ", said).strip().lower()


def as_yaml(proposals: Proposals, kind: str) -> Iterable[dict[str, object]]:
    """Entries for rules.yaml or glossary.yaml."""
    if kind == "rules":
        for rule in proposals.rules:
            condition = rule.condition.replace("{t}.", "")
            said = f"{rule.share:.0%} of the queries on {rule.table} ask for {condition}."
            yield {"rule": rule.name, "says": said, "require": {rule.table: rule.condition}}
        return
    for term in proposals.terms:
        entry: dict[str, object] = {
            "term": term.term,
            "meaning": f"As {term.calls} queries of the log call it.",
        }
        entry |= {"synonyms": list(term.synonyms)} if term.synonyms else {}
        entry |= {"metric": [term.metric]} if term.metric else {"column": term.column}
        yield entry
