"""The most and the least of rows' own figures, and what can be asked of the row that has it."""

from collections.abc import Sequence

from knowledge.schema import ForeignKey
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
            ask=_asked(scene, found, "it") or f"its {found.words[0]}",
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
        "(what is|what's|give me|tell me|show|) the {name} of {row}|{name} of {row}"
        "|what {name} does {row} have",
        name=scene.pick(wanted.words),
        row=row,
    )
    asked = _asked(scene, wanted, row)
    if asked and scene.chance(0.6):
        question = asked
    return Pair(
        question, scene.render(sorted_by(subject.query, found, order, "1", (wanted.sql,))), "of_extreme"
    )


def figure(scene: Scene) -> Pair:
    """'how long is the rhine': a figure of one row, asked for as English does."""
    named = [
        (f, thing)
        for f in scene.catalogue.fields
        if meant(scene, f, f.manner.asks) and (thing := scene.catalogue.things[f.table]).label
    ]
    found, thing = scene.pick(named)
    column, name = scene.catalogue.some_name(thing.table, scene.rng)
    if not name:
        return superlative(scene)
    said = name if scene.chance(0.5) else name.lower()
    row = scene.say("{x}|{x}|the {noun} {x}|the {x} {noun}|{x} {noun}", x=said, noun=scene.pick(thing.nouns))
    own = thing.label[0] if len(thing.label) == 1 else " || ' ' || ".join(thing.label)
    query = Query(thing.table, (found.sql,)).also([f"{own} = ⟦v:{column}:{name}⟧"])
    return Pair(_asked(scene, found, row), scene.render(query), "figure")


def beside_figure(scene: Scene) -> Pair:
    """'how high is the highest point of texas', 'how high is guadalupe peak': a figure of what a text beside
    it names, where both columns' names begin alike.
    """
    fields = scene.catalogue.fields
    found, named = scene.pick(
        [
            (figure, text)
            for figure in fields
            if figure.manner.asks
            for text in fields
            if text.table == figure.table and text.kind == "open" and _begin_alike(figure, text)
        ]
    )
    thing = scene.catalogue.things[found.table]
    ask = scene.pick(
        [*found.manner.asks, f"what is the {scene.pick(found.manner.nouns or found.words)} of {{x}}"]
    )
    if scene.chance(0.4):
        column = f"{named.table}.{named.column}"
        name = scene.pick(scene.catalogue.open_values[column])
        said = name if scene.chance(0.5) else name.lower()
        query = Query(thing.table, (found.sql,)).also([f"{named.sql} = ⟦v:{column}:{name}⟧"])
        return Pair(ask.replace("{x}", said), scene.render(query), "beside_figure")
    key = scene.pick(scene.catalogue.routes.up.get(thing.table, []))
    column, name = scene.catalogue.some_name(key.to_table, scene.rng)
    one = scene.pick(scene.catalogue.things[key.to_table].nouns)
    row = scene.say(
        "the {name} (in|of) {x}|the {name} (in|of) the {one} of {x}",
        name=scene.pick(named.words),
        x=scene.pick([name] if name else []),
        one=one,
    )
    own = f"{scene.alias(key.table)}.{key.columns[0]}"
    query = Query(thing.table, (found.sql,)).also([f"{own} = ⟦v:{column}:{name}⟧"])
    return Pair(ask.replace("{x}", row), scene.render(query), "beside_figure")


def _begin_alike(one: Field, other: Field) -> bool:
    """'highest_elevation' and 'highest_point': what one names the other measures."""
    first, second = one.column.split("_"), other.column.split("_")
    return len(first) > 1 and len(second) > 1 and first[0] == second[0] and first != second


def in_extreme(scene: Scene) -> Pair:
    """'rivers in the largest state': rows of a table whose parent has the most of something."""
    links = [
        (key, child)
        for child in scene.askable
        for key in scene.catalogue.routes.up.get(child.table, [])
        if any(f.table == key.to_table and f.kind == "number" for f in scene.catalogue.fields)
    ]
    key, child = scene.pick(links)
    found, parent, word, order = extreme(scene, key.to_table)
    if scene.catalogue.is_one_to_one(key):
        return _beside_extreme(scene, key, child)
    counted = scene.chance(0.35)
    subject = scene.subject(child, most=1, verb_dates=False)
    inner = _key_of(scene, key, found, order)
    row = scene.say("{w} {one}", w=word, one=scene.pick(parent.nouns))
    question = scene.say(
        "(how many|number of|count the) {what} (are |are there |)(in|of|for|from|with|does|on) the {row}"
        if counted
        else "(which|what|list|show|name|what are the|) {what} "
        "(are |)(in|of|for|from|with|through|on|belong to) the {row}",
        what=subject.phrase,
        row=row,
    )
    select = (child.counted,) if counted else columns_of(scene, child.table)
    query = subject.query.also([f"{scene.alias(child.table)}.{key.columns[0]} = ({inner})"])
    return Pair(question, scene.render(query.plus(select=select)), "in_extreme")


def _beside_extreme(scene: Scene, key: ForeignKey, child: Thing) -> Pair:
    """'the highest point of the largest state': of a table that tells more of its parents, row by row."""
    found, parent, word, order = extreme(scene, key.to_table)
    own = [f for f in scene.catalogue.fields if f.table == child.table and f.column not in key.columns]
    wanted = scene.pick(own)
    question = scene.say(
        "(what is|what's|which is|name|tell me|give me|) the {name} (in|of|for) the {w} {one}"
        "|{name} of the {w} {one}",
        name=scene.pick(wanted.words),
        w=word,
        one=scene.pick(parent.nouns),
    )
    inner = _key_of(scene, key, found, order)
    query = Query(child.table, (wanted.sql,)).also(
        [f"{scene.alias(child.table)}.{key.columns[0]} = ({inner})"]
    )
    return Pair(question, scene.render(query), "in_extreme")


def _key_of(scene: Scene, key: ForeignKey, found: Field, order: str) -> str:
    """The SELECT of the parent that has the most or the least."""
    alias = scene.alias(key.to_table)
    table = f"SELECT {alias}.{key.to_columns[0]} FROM {key.to_table} {alias} {_filled(found)}"
    return f"{table}ORDER BY {found.sql} {order} LIMIT 1"


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
    query = query.plus(select=select, order=f"{found.sql} {order}", limit=limit)
    return query.also([f"{found.sql} IS NOT NULL"]) if found.nullable and order == "ASC" else query


def _filled(found: Field) -> str:
    return f"WHERE {found.sql} IS NOT NULL " if found.nullable else ""


def _of_one(subject: Subject, thing: Thing, scene: Scene) -> str:
    """The subject's phrase with its noun in the singular."""
    for many, one in zip(thing.plurals, thing.nouns, strict=True):
        if many in subject.phrase:
            return subject.phrase.replace(many, one, 1)
    return subject.phrase


def _asked(scene: Scene, found: Field, row: str) -> str:
    """Empty where English has no way of its own to ask for this figure."""
    asks = meant(scene, found, found.manner.asks)
    return scene.pick(asks).replace("{x}", row) if asks else ""
