"""Conditions on what is there or missing: an empty column, a row that points here."""

from training.conditions.ground import Condition, Ground
from training.conditions.stored import enum_value, flag, number
from training.english import say


def null(ground: Ground, base: str) -> Condition | None:
    """Rows without, or with, something of their own: an assignee, a date of delivery."""
    fields = [f for f in ground.catalogue.fields if f.table == base and f.nullable]
    keys = [
        k for k in ground.catalogue.routes.up.get(base, []) if ground.catalogue.nullable(base, k.columns[0])
    ]
    rng = ground.rng
    if keys and rng.random() < 0.5:
        key = rng.choice(keys)
        noun = rng.choice(ground.catalogue.things[key.to_table].nouns)
        alias = ground.catalogue.schema.aliases[base]
        missing = rng.random() < 0.7
        after = say(rng, _MISSING_THING if missing else _HAVING_THING, noun=noun)
        return Condition(
            f"{alias}.{key.columns[0]} IS {'' if missing else 'NOT '}NULL", frozenset(), after=after
        )
    if not fields:
        return None
    found = rng.choice(fields)
    verbs = [w for column, w in ground.catalogue.things[base].verbs if column == found.sql]
    missing = rng.random() < 0.75
    if verbs and verbs[0]:
        template = _NOT_DONE if missing else "(that|which|who) (were|have been|have|got|) (already |) {done}"
        after = say(rng, template, done=rng.choice(verbs[0]))
    else:
        after = say(
            rng,
            _MISSING if missing else "(that have|with|having) (a |an |) {name}",
            name=rng.choice(found.words),
        )
    return Condition(f"{found.sql} IS {'' if missing else 'NOT '}NULL", frozenset(), after=after)


def child(ground: Ground, base: str) -> Condition | None:
    """Things that have, or lack, something that points to them."""
    links = ground.catalogue.children(base)
    if not links:
        return None
    key = ground.rng.choice(links)
    thing = ground.catalogue.things[key.table]
    lacking = ground.rng.random() < 0.6
    inner: list[str] = []
    verbs = [w for _, words in thing.verbs[:1] for w in words]
    noun = ground.rng.choice(thing.plurals + thing.nouns if lacking else thing.nouns)
    if lacking:
        after = say(
            ground.rng,
            "(without|with no|that have no|who have no|having no|lacking|with zero) (any |) {noun}"
            "|(where|but|for which) (there is|there's|theres|there are) no {noun} (for them|) (yet|so far|)"
            "|(but|and) (no|not a|without a|not any) {noun} (yet|so far|)"
            "|(that|which) still (have no|lack a) {noun}"
            "|(who|that|which) (never|did not|didn't|have never|haven't|have not) "
            "(had|made|got|placed|have) (a|any) {noun}"
            + (
                "|(who|that|which) (never|have never|haven't ever|haven't|did not) {verb} (anything|)"
                if verbs
                else ""
            ),
            noun=noun,
            verb=ground.rng.choice(verbs or [""]),
        )
    else:
        after = say(
            ground.rng,
            "(with|having|who have|that have|that had) (at least one|a|an|any) {noun}"
            "|(who|that) (made|had|placed|got) (a|an) {noun}"
            + ("|(who|that|which) (have |) {verb} (something|)" if verbs else ""),
            noun=noun,
            verb=ground.rng.choice(verbs or [""]),
        )
    own = _of_child(ground, key.table) if ground.rng.random() < 0.4 else None
    if own is not None and noun in after:
        inner.append(own.sql)
        after = after.replace(noun, f"{own.before} {noun}" if own.before else f"{noun} {own.after}", 1)
    if thing.date and ground.rng.random() < 0.5:
        when = ground.date()
        inner.append(when.within(thing.date))
        after = f"{after} {when.text}"
    word = "NOT EXISTS" if lacking else "EXISTS"
    sql = f"{word} {ground.catalogue.exists(key, inner)}"
    return Condition(sql, frozenset(), after=after)


def _of_child(ground: Ground, table: str) -> Condition | None:
    """What the thing that points here is itself: 'customers with a cancelled subscription'."""
    makers = (enum_value, flag, number)
    made = ground.rng.choice(makers)(ground, table)
    return made if made is not None and made.needs == {table} and not made.instead else None


_MISSING_THING = (
    "(without|with no|that have no|lacking|missing) (a |an |any |assigned |) {noun}"
    "|(that are|that were|) not (linked to|assigned to|part of|from|tied to) (a|an|any) {noun}"
    "|(that|which) (nobody|no {noun}) (has taken|handles|has)|that do not (belong to|have) (a|an|any) {noun}"
)
_HAVING_THING = "(with|that have|having|linked to|tied to|coming from|from|that belong to) (a|an|any) {noun}"
_MISSING = (
    "(without|with no|that have no|missing|lacking) (a |an |any |) {name}"
    "|where (the |) {name} is (missing|unknown|empty)"
)
_NOT_DONE = (
    "(that|which|who) (were|have|have been|are|has|had|) (not|never|not yet|n't) (been |) "
    "{done}|not (yet |) {done}|(that|which) (nobody|no one|noone) (has |ever |has ever |) {done}"
    "|(nobody|no one) (has |) {done}|(that|who|which) (haven't|havent|hasn't|weren't|aren't|didn't get) "
    "(been |) {done} (yet|so far|)|still not {done}|never {done}"
)
