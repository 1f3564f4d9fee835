"""The most and the least of rows' own figures, and what can be asked of the row that has it."""

from collections.abc import Sequence

from training.intents.counting import columns_of
from training.intents.scene import Pair, Scene, Subject
from training.phrases import number_phrase
from training.query import Query
from training.things import Field, Thing


def superlative(scene: Scene) -> Pair:
    """'the longest river in texas', 'cheapest 5 products': rows, by what English calls the figure."""
    found, thing, word, order = extreme(scene)
    subject = scene.subject(thing, most=2, verb_dates=False)
    single = scene.chance(0.75)
    said, marker = ("", "1") if single else number_phrase(scene.rng, [2, 3, 5, 10])
    what = subject.phrase if not single else _of_one(subject, thing, scene)
    question = scene.say(
        "(what is|which is|what's|name|tell me|show me|give me|find|whats|) the {w} {what}"
        "|(which|what) {what} is (the |){w}|(which|what) is the {w} {what}|{w} {what}"
        if single
        else "(what are|which are|show|list|name|give me|) the {n} {w} {what}|{w} {n} {what}"
        "|top {n} {w} {what}",
        w=word,
        what=what,
        n=said,
    )
    select = columns_of(scene, thing.table)
    if scene.chance(0.3):
        select = tuple(dict.fromkeys([*select, found.sql]))
        question = scene.say(
            "{q} and (its|the) {name}|{q} and {ask}",
            q=question,
            name=scene.pick(found.words),
            ask=asked_of(scene, found, "it") or f"its {found.words[0]}",
        )
    return Pair(question, scene.render(sorted_by(subject.query, found, order, marker, select)), "superlative")


def of_extreme(scene: Scene) -> Pair:
    """'the capital of the largest state', 'how long is the longest river': another figure of that row."""
    found, thing, word, order = extreme(scene)
    subject = scene.subject(thing, most=1, verb_dates=False)
    row = f"the {word} {_of_one(subject, thing, scene)}"
    others = [f for f in scene.catalogue.fields if f.table == thing.table and f.sql not in thing.label]
    wanted = scene.pick(others) if scene.chance(0.7) else found
    question = scene.say(
        "(which|what) {name} has {row}|(the |){name} (with|that has) {row}|in (which|what) {name} is {row}"
        if scene.catalogue.points(wanted.table, wanted.column) and scene.chance(0.6)
        else "(what is|what's|give me|tell me|show|) the {name} of {row}|{name} of {row}"
        "|what {name} does {row} have",
        name=scene.pick(wanted.words),
        row=row,
    )
    asked = asked_of(scene, wanted, row)
    if asked and scene.chance(0.6):
        question = asked
    return Pair(
        question, scene.render(sorted_by(subject.query, found, order, "1", (wanted.sql,))), "of_extreme"
    )


def extreme(scene: Scene, table: str = "") -> tuple[Field, Thing, str, str]:
    """A figure, whose it is, a word for its most or its least, and which end that is."""
    askable = {thing.table for thing in scene.askable}
    fields = [
        f
        for f in scene.catalogue.fields
        if f.kind == "number" and (f.table == table if table else f.table in askable)
    ]
    spoken = [f for f in fields if f.manner.more]
    found = scene.pick(spoken if spoken and scene.chance(0.75) else fields)
    most = scene.chance(0.65)
    own = meant(scene, found, found.manner.more if most else found.manner.less)
    name = scene.pick(found.words)
    plain = scene.say("(highest|most|largest|greatest)" if most else "(lowest|least|smallest)")
    word = scene.pick(own) if own and scene.chance(0.85) else f"{plain} {name}"
    return found, scene.catalogue.things[found.table], word, "DESC" if most else "ASC"


def meant(scene: Scene, found: Field, said: Sequence[str]) -> list[str]:
    """Those of a figure's ways of speaking that alone mean it among its table's figures: a way of several is
    that of the price, then of the one that metrics use most, then of the one further up in the lexicon.
    """
    beside = [f for f in scene.catalogue.fields if f.table == found.table and f.kind in ("number", "other")]

    def claim(field: Field) -> tuple[bool, int, int]:
        uses = sum(field.sql in measure.sql for measure in scene.catalogue.measures)
        return ("price" in field.column, uses, -field.manner.place)

    kept = []
    for way in said:
        rivals = [f for f in beside if way in (*f.manner.more, *f.manner.less, *f.manner.asks)]
        if found == max(rivals, key=claim, default=found):
            kept.append(way)
    return kept


def sorted_by(query: Query, found: Field, order: str, limit: str, select: tuple[str, ...]) -> Query:
    """The first rows by a figure; none that lacks it comes first."""
    query = query.plus(select=select, order=f"{found.sql} {order}", limit=limit)
    return query.also([f"{found.sql} IS NOT NULL"]) if found.nullable and order == "ASC" else query


def filled(found: Field) -> str:
    """A WHERE that leaves out rows without the figure, if there are any."""
    return f"WHERE {found.sql} IS NOT NULL " if found.nullable else ""


def _of_one(subject: Subject, thing: Thing, scene: Scene) -> str:
    """The subject's phrase with its noun in the singular."""
    for many, one in zip(thing.plurals, thing.nouns, strict=True):
        if many in subject.phrase:
            return subject.phrase.replace(many, one, 1)
    return subject.phrase


def asked_of(scene: Scene, found: Field, row: str) -> str:
    """Empty where English has no way of its own to ask for this figure."""
    asks = meant(scene, found, found.manner.asks)
    return scene.pick(asks).replace("{x}", row) if asks else ""
