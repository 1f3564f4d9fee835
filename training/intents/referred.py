"""Rows that a question refers to by what they are: 'the largest state', 'states that border texas'."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from training.intents.pointing import forms, key_of, one_of, source
from training.intents.scene import NothingToAskError, Scene
from training.intents.superlatives import extreme, filled
from training.things import Thing

T = TypeVar("T")


@dataclass(frozen=True)
class Referred:
    """Rows of a table, one if `single`: the noun or its plural, what stands before and `after` it, and the
    SELECT of their keys; `own` where that is from their own table alone.
    """

    noun: str
    sql: str
    single: bool
    before: str = ""
    after: str = ""
    own: bool = False

    @property
    def phrase(self) -> str:
        article = "the" if self.single else ""
        return " ".join(f"{article} {self.before} {self.noun} {self.after}".split())

    @property
    def compared(self) -> str:
        """What a column that holds their key is compared with."""
        return f"= ({self.sql})" if self.single else f"IN ({self.sql})"


def referred(scene: Scene, thing: Thing, deep: bool = True) -> Referred:
    """Rows of a table with a key; if `deep`, those that they are told by may be referred to as well."""
    ways = [_with_most, _with_most, _with_most_below, _named_by, _next_to, _next_to, _acted, _acted]
    return first_of(scene, ways, thing, deep)


def first_of(scene: Scene, ways: Sequence[Callable[..., T]], *given: object) -> T:
    """What one of several ways makes, of those that this schema has something for."""
    for way in scene.rng.sample(ways, len(ways)):
        try:
            return way(scene, *given)
        except NothingToAskError:
            continue
    raise NothingToAskError


def _with_most(scene: Scene, thing: Thing, deep: bool) -> Referred:
    """'the largest state', 'the state with the smallest area'."""
    found, _, word, order = extreme(scene, thing.table)
    rows = f"{source(scene, thing.table)} {filled(found)}ORDER BY {found.sql} {order} LIMIT 1"
    sql = f"SELECT {key_of(scene, thing)} FROM {rows}"
    if scene.chance(0.7):
        return Referred(scene.pick(thing.nouns), sql, True, before=word, own=True)
    after = scene.say(
        "(with|that has) the (highest|most|largest|greatest) {name}"
        if order == "DESC"
        else "(with|that has) the (lowest|least|smallest) {name}",
        name=scene.pick(found.words),
    )
    return Referred(scene.pick(thing.nouns), sql, True, after=after, own=True)


def _with_most_below(scene: Scene, thing: Thing, deep: bool) -> Referred:
    """'the state with the most cities'."""
    key, children = scene.pick(scene.below(thing))
    most = scene.chance(0.75)
    own = f"{scene.alias(key.table)}.{key.columns[0]}"
    order = f"GROUP BY 1 ORDER BY COUNT(*) {'DESC' if most else 'ASC'} LIMIT 1"
    after = scene.say(
        "(with|that has) the (most|largest number of) {children}"
        if most
        else "(with|that has) the (fewest|least|smallest number of) {children}",
        children=scene.pick(children.plurals),
    )
    sql = f"SELECT {own} FROM {source(scene, key.table)} {order}"
    return Referred(scene.pick(thing.nouns), sql, True, after=after)


def _named_by(scene: Scene, thing: Thing, deep: bool) -> Referred:
    """'the state whose capital is austin'."""
    field = scene.pick(scene.catalogue.names_beside(thing))
    column = f"{field.table}.{field.column}"
    value = scene.pick(scene.catalogue.open_values[column])
    after = scene.say(
        "(with the {name}|with {name}|whose {name} is|that has the {name}) {x}",
        name=scene.pick(field.words),
        x=value if scene.chance(0.5) else value.lower(),
    )
    rows = f"{source(scene, thing.table)} WHERE {field.sql} = ⟦v:{column}:{value}⟧"
    sql = f"SELECT {key_of(scene, thing)} FROM {rows}"
    return Referred(scene.pick(thing.nouns), sql, True, after=after, own=True)


def _next_to(scene: Scene, thing: Thing, deep: bool) -> Referred:
    """'states bordering texas', 'states that border the largest state'."""
    one, two = scene.pick([keys for keys in scene.catalogue.mutual() if keys[0].to_table == thing.table])
    said = forms(scene, scene.pick(scene.catalogue.relation_words(two)))
    if deep and scene.chance(0.4):
        rows = referred(scene, thing, deep=False)
        x, compared = rows.phrase, rows.compared
    else:
        _, x, value = one_of(scene, thing)
        compared = f"= {value}"
    alias = scene.alias(one.table)
    sql = f"SELECT {alias}.{two.columns[0]} FROM {source(scene, one.table)}"
    after = scene.say("({ing}|that {base}|which {base}) {x}", x=x, **said)
    where = f"WHERE {alias}.{one.columns[0]} {compared}"
    return Referred(scene.pick(thing.plurals), f"{sql} {where}", False, after=after)


def _acted(scene: Scene, thing: Thing, deep: bool) -> Referred:
    """'states that the mississippi runs through'."""
    key, word = scene.pick(
        [(key, word) for key, word in scene.catalogue.acting() if key.to_table == thing.table]
    )
    own, x, value = one_of(scene, scene.catalogue.things[key.table])
    far = f"{scene.alias(key.table)}.{key.columns[0]}"
    sql = f"SELECT {far} FROM {source(scene, key.table)} WHERE {own} = {value}"
    after = scene.say("(that |which |){x} {third}|{rest} which {x} {goes}", x=x, **forms(scene, word))
    return Referred(scene.pick(thing.plurals), sql, False, after=after)
