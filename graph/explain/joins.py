"""How the sources of a SELECT belong together: along foreign keys, or by conditions of their own."""

from dataclasses import dataclass, field

from sqlglot import exp

from graph.checks.scopes import Source, conjuncts
from graph.explain.origins import Origins, Stored


@dataclass(frozen=True)
class Joined:
    """One source of a FROM clause.

    `other` is the alias that a foreign key links it to, `up` whether it is the one above, `role` what the
    key's column calls it ('manager'); `shared` is the table that both point to. `rest` holds the conditions
    beside the key, `keyed` those of the key.
    """

    source: Source
    side: str = ""
    other: str = ""
    up: bool = False
    role: str = ""
    shared: str = ""
    keyed: tuple[exp.Expr, ...] = ()
    rest: tuple[exp.Expr, ...] = ()
    using: tuple[str, ...] = ()


@dataclass(frozen=True)
class Joins:
    """The sources of one SELECT. `subject` is the alias whose rows are counted, empty where joins multiply
    them so that no table's are."""

    sources: tuple[Joined, ...] = ()
    subject: str = ""
    strange: tuple[exp.Expr, ...] = field(default=())

    def by_alias(self, alias: str) -> Joined | None:
        return next((j for j in self.sources if j.source.alias.lower() == alias.lower()), None)

    def path(self, alias: str) -> list[Joined]:
        """From the subject to a source; empty where no keys lead there."""
        found: list[Joined] = []
        here = self.by_alias(alias)
        while here is not None and here not in found:
            found.append(here)
            if here.source.alias == self.subject or not here.other:
                break
            here = self.by_alias(here.other)
        return found[::-1]


def joins_of(select: exp.Select, origins: Origins) -> Joins:
    sources = origins.scopes.of(select)
    where = select.args.get("where")
    loose = list(conjuncts(where.this if where is not None else None))
    found: list[Joined] = []
    known = {id(source.node) for source in sources}
    for source in sources:
        join = source.node.parent if isinstance(source.node.parent, exp.Join) else None
        earlier = [j.source.alias for j in found]
        found.append(_joined(source, join, earlier, loose, origins) if found else Joined(source))
    strange = [
        join
        for join in select.args.get("joins") or ()
        if id(join.this) not in known or join.args.get("method") or join.args.get("match_condition")
    ]
    return Joins(tuple(found), _subject(found), tuple(strange))


def _joined(
    source: Source, join: exp.Join | None, earlier: list[str], loose: list[exp.Expr], origins: Origins
) -> Joined:
    on = join.args.get("on") if join is not None else None
    using = tuple(c.name for c in join.args.get("using") or ()) if join is not None else ()
    conditions = list(conjuncts(on))
    asked = conditions if on is not None else loose
    keys = [(c, k) for c in asked if (k := _key(c, source, earlier, origins))]
    if not keys:
        return Joined(source, join.side if join else "", rest=tuple(conditions), using=using)
    other, up, role, shared = keys[0][1]
    keyed = tuple(c for c, (linked, *_) in keys if linked == other)
    rest = tuple(c for c in conditions if not any(c is k for k in keyed))
    return Joined(source, join.side if join else "", other, up, role, shared, keyed, rest, using)


def _key(
    condition: exp.Expr, source: Source, earlier: list[str], origins: Origins
) -> tuple[str, bool, str, str] | None:
    """The alias that a condition links `source` to along a foreign key, whether `source` is above it, in what
    role, and the table that both point to."""
    if not isinstance(condition, exp.EQ):
        return None
    sides = [origins.stored(condition.this), origins.stored(condition.expression)]
    mine = next((s for s in sides if s and s.alias.lower() == source.alias.lower()), None)
    other = next((s for s in sides if s and s.alias in earlier), None)
    if mine is None or other is None:
        return None
    for key in origins.schema.foreign_keys:
        if _is(key.table, key.columns, other) and _is(key.to_table, key.to_columns, mine):
            return other.alias, True, _role(other), ""
        if _is(key.table, key.columns, mine) and _is(key.to_table, key.to_columns, other):
            return other.alias, False, "", ""
    if mine.column.name == other.column.name:
        above = (mine.column.name,) == origins.schema.by_name[mine.table].primary_key
        below = (other.column.name,) == origins.schema.by_name[other.table].primary_key
        if above or below:
            return other.alias, above, "", ""
    keys = origins.schema.foreign_keys
    mine_to, other_to = (
        {k.to_table for k in keys if _is(k.table, k.columns, side)} for side in (mine, other)
    )
    both = sorted(mine_to & other_to)
    return (other.alias, False, "", both[0]) if both and mine.column.name == other.column.name else None


def _is(table: str, columns: tuple[str, ...], side: Stored) -> bool:
    return side.table == table and side.column.name in columns


def _role(pointing: Stored) -> str:
    """'manager_id' -> 'manager'."""
    name = pointing.column.name.lower()
    for ending in ("_id", "_code", "_key", "_no"):
        name = name.removesuffix(ending)
    return name.replace("_", " ")


def _subject(found: list[Joined]) -> str:
    """The finest source, if the keys lead up from it to all the others."""
    if not found:
        return ""
    subject = found[0].source.alias
    for joined in found[1:]:
        if joined.up:
            continue
        if not joined.other or joined.other != subject or joined.shared:
            return ""
        subject = joined.source.alias
    return subject
