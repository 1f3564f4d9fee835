"""A whole statement, sentence by sentence: what it shows, from where, which rows, how grouped and ordered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from graph.checks.scopes import conjuncts
from graph.explain.conditions import grouped
from graph.explain.explanation import Part, Sentence
from graph.explain.joins import Joins
from graph.explain.ordering import limited, ordered
from graph.explain.origins import selects
from graph.explain.shown import groups, shown
from graph.explain.sources import many, sources
from graph.explain.spans import span_of
from graph.explain.speaker import Speaker, Unsaid

_SPOKEN = frozenset({
    "expressions", "from_", "joins", "where", "group", "having", "order", "limit", "offset", "distinct",
    "with_", "kind",
})  # fmt: skip
_SETS: dict[type[exp.Expr], str] = {
    exp.Union: "The rows of {}, one after the other",
    exp.Intersect: "The rows that {} have in common",
    exp.Except: "The rows of the first query that the second has not",
}


@dataclass
class Statement:
    """Sentences as they are found. `covered` holds the id of every condition that a sentence stands for, and
    `as_sql` of those among them that it shows as SQL."""

    say: Speaker
    sentences: list[Sentence] = field(default_factory=list)
    covered: set[int] = field(default_factory=set)
    as_sql: set[int] = field(default_factory=set)
    rules: list[str] = field(default_factory=list)

    def describe(self, query: exp.Expr, depth: int = 0) -> None:
        """Add the sentences of a query, those of its steps first."""
        with_ = query.args.get("with_")
        for cte in with_.expressions if with_ is not None else ():
            self._step(cte.alias, cte.this, depth)
        if with_ is not None and with_.args.get("recursive"):
            self._add("further", "the steps refer to themselves", depth, "WITH RECURSIVE")
        if isinstance(query, exp.Subquery) and not query.alias:
            self.describe(query.this, depth)
        elif isinstance(query, exp.SetOperation):
            self._set_operation(query, depth)
        elif isinstance(query, exp.Select):
            self._select(query, depth)
        else:
            self._add("further", "", depth, self.say.sql(query))

    def _step(self, name: str, query: exp.Expr, depth: int) -> None:
        self._add("step", f"a step called {name}", depth)
        self.describe(query, depth + 1)
        self.say.steps[name.lower()] = f"row of {name}"

    def _set_operation(self, query: exp.SetOperation, depth: int) -> None:
        branches = list(selects(query))
        words = _SETS[type(query)].format(f"{len(branches)} queries")
        if isinstance(query, exp.Union) and query.args.get("distinct"):
            words += ", each once"
        self._add("shows", words, depth)
        for place, branch in enumerate((query.this, query.expression), 1):
            self._add("step", f"query {place}", depth)
            self.describe(branch, depth + 1)
        self._ending(query, depth)
        self._leftovers(query, {"this", "expression", "distinct", "with_", "order", "limit", "offset"}, depth)

    def _select(self, select: exp.Select, depth: int) -> None:
        joins = self.say.joins(select)
        for joined in joins.sources:
            if isinstance(joined.source.node, exp.Subquery):
                self._step(joined.source.alias, joined.source.node.this, depth)
        self._shows(select, depth)
        self._from(select, joins, depth)
        where = select.args.get("where")
        keyed = {id(key) for joined in joins.sources for key in joined.keyed}
        self.covered |= keyed
        parts = [p for p in conjuncts(where.this if where is not None else None) if id(p) not in keyed]
        self._only(parts, depth)
        self._groups(select, depth)
        self._ending(select, depth)
        self._leftovers(select, _SPOKEN, depth)

    def complete(self, tree: exp.Expr) -> None:
        """Show as SQL every condition of the tree that no sentence stands for."""
        for node in predicates(tree):
            if id(node) not in self.covered:
                self._cover(node, as_sql=True)
                self._add("further", "and a condition without words", 0, self.say.sql(node))

    def _shows(self, select: exp.Select, depth: int) -> None:
        for item in (*select.expressions, *groups(select)):
            for inner in predicates(item):
                self._cover(inner)
        distinct = select.args.get("distinct")
        if distinct is not None and distinct.args.get("on") is not None:
            self._add("further", "the first row of each", depth, self.say.sql(distinct.args["on"]))
        self._add("shows", shown(select, self.say, named=depth > 0), depth)

    def _from(self, select: exp.Select, joins: Joins, depth: int) -> None:
        if text := sources(select, joins, self.say):
            self._add("from", text, depth)
        for joined in joins.sources:
            if joined.rest:
                outer = f"{many(joined, select, self.say)} count only where " if joined.side else ""
                self._only([p for rest in joined.rest for p in conjuncts(rest)], depth, outer)
        for join in joins.strange:
            self._cover(join, as_sql=True)
            self._add("further", "joined in a way of its own", depth, self.say.sql(join))

    def _only(self, parts: list[exp.Expr], depth: int, lead: str = "") -> None:
        """A sentence for each condition; a rule's are told with its name; what has no words as SQL."""
        for group in _together(parts, self.say):
            for node in group:
                self._cover(node)
            try:
                words = " and ".join(grouped(group, self.say))
            except Unsaid:
                for node in group:
                    self._cover(node, as_sql=True)
                    self._add("further", f"{lead}and a condition without words", depth, self.say.sql(node))
                continue
            rules = [r.rule for node in group for r in self.say.words.rules_of(self.say.spelled(node))]
            names = list(dict.fromkeys(rules))
            self.rules += [name for name in names if name not in self.rules]
            named = f", by the rule{'s' if len(names) > 1 else ''} {', '.join(names)}" if names else ""
            self._add("rule" if names else "only", f"{lead}{words}{named}", depth)

    def _groups(self, select: exp.Select, depth: int) -> None:
        group, having = select.args.get("group"), select.args.get("having")
        if group is not None:
            rest = {k for k, v in group.args.items() if v} - {"expressions"}
            if rest:
                self._add("further", "grouped in several ways", depth, self.say.sql(group))
        if having is None:
            return
        for node in conjuncts(having.this):
            self._cover(node)
            try:
                self._add("groups", f"only those where {self.say.condition(node)}", depth)
            except Unsaid:
                self._cover(node, as_sql=True)
                self._add("further", "and a condition on the groups without words", depth, self.say.sql(node))

    def _ending(self, query: exp.Expr, depth: int) -> None:
        try:
            if text := ordered(query, self.say):
                self._add("order", text, depth)
        except Unsaid:
            self._add("order", "", depth, self.say.sql(query.args["order"]).removeprefix("ORDER BY "))
        try:
            if text := limited(query, self.say):
                self._add("limit", text, depth)
        except Unsaid:
            given = [query.args.get(name) for name in ("limit", "offset")]
            self._add("limit", "", depth, " ".join(self.say.sql(g) for g in given if g is not None))

    def _leftovers(self, query: exp.Expr, spoken: Iterable[str], depth: int) -> None:
        """Clauses that nobody has words for yet."""
        for name, given in query.args.items():
            if name in spoken or not given:
                continue
            for node in given if isinstance(given, list) else [given]:
                if isinstance(node, exp.Expr):
                    self._cover(node, as_sql=True)
                    self._add("further", "and a clause without words", depth, self.say.sql(node))

    def _cover(self, node: exp.Expr, *, as_sql: bool = False) -> None:
        for one in predicates_within(node):
            self.covered.add(id(one))
            if as_sql:
                self.as_sql.add(id(one))

    def _add(self, part: Part, text: str, depth: int, sql: str = "") -> None:
        self.sentences.append(Sentence(part, text, depth, sql))


def _together(parts: list[exp.Expr], say: Speaker) -> Iterator[list[exp.Expr]]:
    """The two ends of a span of days go together; all else stands alone."""
    taken: set[int] = set()
    for place, part in enumerate(parts):
        if id(part) in taken:
            continue
        other = next((o for o in parts[place + 1 :] if id(o) not in taken and span_of(part, o, say)), None)
        if other is not None:
            taken.add(id(other))
            yield [part, other]
        else:
            yield [part]


def predicates(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Every condition of WHERE, HAVING and ON anywhere in a tree, split at AND."""
    for node in tree.find_all(exp.Where, exp.Having, exp.Join, exp.Qualify):
        held = node.args.get("on") if isinstance(node, exp.Join) else node.this
        yield from conjuncts(held)


def predicates_within(node: exp.Expr) -> Iterator[exp.Expr]:
    """A condition itself, and the conditions of the queries within it."""
    yield node
    yield from predicates(node)
