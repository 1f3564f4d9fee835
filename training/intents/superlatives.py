"""The most and the least of rows' own figures, and what can be asked of the row that has it."""

from knowledge.schema import ForeignKey
from training.intents.counting import columns_of
from training.intents.scene import Pair, Scene, Subject
from training.phrases import number_phrase
from training.query import Query
from training.things import Field, Thing


def superlative(scene: Scene) -> Pair:
    """'the longest river in texas', 'cheapest 5 products': rows, by what English calls the figure."""
    found, thing, word, order = _extreme(scene)
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
    return Pair(question, scene.render(_first(subject.query, found, order, marker, select)), "superlative")


def of_extreme(scene: Scene) -> Pair:
    """'the capital of the largest state', 'how long is the longest river': another figure of that row."""
    found, thing, word, order = _extreme(scene)
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
    asked = _asked(scene, wanted, row) if is_meant(scene, wanted) else ""
    if asked and scene.chance(0.6):
        question = asked
    return Pair(question, scene.render(_first(subject.query, found, order, "1", (wanted.sql,))), "of_extreme")


def figure(scene: Scene) -> Pair:
    """'how long is the rhine': a figure of one row, asked for as English does."""
    named = [
        (f, thing)
        for f in scene.catalogue.fields
        if f.manner.asks and is_meant(scene, f) and (thing := scene.catalogue.things[f.table]).label
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


def in_extreme(scene: Scene) -> Pair:
    """'rivers in the largest state': rows of a table whose parent has the most of something."""
    links = [
        (key, child)
        for child in scene.askable
        for key in scene.catalogue.routes.up.get(child.table, [])
        if any(f.table == key.to_table and f.kind == "number" for f in scene.catalogue.fields)
    ]
    key, child = scene.pick(links)
    found, parent, word, order = _extreme(scene, key.to_table)
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
    found, parent, word, order = _extreme(scene, key.to_table)
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


def mutual(scene: Scene) -> Pair:
    """'states that border texas': rows of one table that another table joins with each other."""
    one, two = scene.pick(scene.catalogue.mutual())
    thing, alias = scene.catalogue.things[one.to_table], scene.alias(one.table)
    word = scene.pick(scene.catalogue.relation_words(two))
    column, name = scene.catalogue.some_name(thing.table, scene.rng)
    if not name:
        return superlative(scene)
    said = name if scene.chance(0.5) else name.lower()
    near, far = f"{alias}.{one.columns[0]}", f"{alias}.{two.columns[0]}"
    what, many = scene.pick(thing.nouns), scene.pick(thing.plurals)
    roll = scene.rng.random()
    if roll < 0.2:
        question = scene.say(
            "(which|what) {one} {verb}s the (most|largest number of) {many}"
            "|{one} (with|that has) the most {verb}s",
            one=what,
            verb=word,
            many=many,
        )
        query = Query(one.table, (near,), group=("1",), order="COUNT(*) DESC", limit="1")
        return Pair(question, scene.render(query), "mutual")
    x = scene.say("{x}|{x}|the {one} {x}|the {one} of {x}", x=said, one=what)
    condition = f"{near} = ⟦v:{column}:{name}⟧"
    if roll < 0.4:
        question = scene.say(
            "(how many|number of|count the) {many} (that |) {verb} {x}|how many {many} does {x} {verb}"
            "|how many {verb}ing {many} does {x} have|how many {verb}s does {x} have",
            many=many,
            verb=word,
            x=x,
        )
        return Pair(question, scene.render(Query(one.table, ("COUNT(*)",)).also([condition])), "mutual")
    if roll < 0.6:
        return _beside(
            scene,
            thing,
            (near, far),
            scene.say("{verb}ing|that {verb}|which {verb}", verb=word),
            x,
            condition,
        )
    question = scene.say(
        "(which|what|list|name|show me|give me|what are the|) {many} (that |which |) {verb} {x}"
        "|(what|which|list the|) {many} {verb}ing {x}|(what|which) {many} does {x} {verb}"
        "|{x} {verb}s (what|which) {many}"
        "|{verb}s of {x}|what {verb}s {x}|neighbo(|u)rs of {x}|{many} next to {x}",
        many=many,
        verb=word,
        x=x,
    )
    return Pair(question, scene.render(Query(one.table, (far,)).also([condition])), "mutual")


def _beside(scene: Scene, thing: Thing, ends: tuple[str, str], beside: str, x: str, condition: str) -> Pair:
    """'the capital of states bordering texas', 'the largest state that borders texas'."""
    inner = f"SELECT {ends[1]} FROM {_table(scene, ends[1])} WHERE {condition}"
    where = f"{scene.alias(thing.table)}.{thing.key} IN ({inner})"
    query = Query(thing.table).also([where])
    if scene.chance(0.5):
        found, _, word, order = _extreme(scene, thing.table)
        one = scene.pick(thing.nouns)
        question = scene.say(
            "(what is|which is|what's|) the {w} {one} {b} {x}|(which|what) {one} {b} {x} is the {w}",
            w=word,
            one=one,
            b=beside,
            x=x,
        )
        return Pair(question, scene.render(_first(query, found, order, "1", thing.label)), "mutual")
    others = [f for f in scene.catalogue.fields if f.table == thing.table and f.sql not in thing.label]
    wanted = scene.pick(others)
    question = scene.say(
        "(what is|what are|show|give me|list|) the {name} of (the |all |all the |) {many} {b} {x}"
        "|{name} of {many} {b} {x}",
        name=scene.pick(wanted.words),
        many=scene.pick(thing.plurals),
        b=beside,
        x=x,
    )
    return Pair(question, scene.render(query.plus(select=(wanted.sql,))), "mutual")


def _table(scene: Scene, column: str) -> str:
    alias = column.split(".")[0]
    table = next(t for t, a in scene.catalogue.schema.aliases.items() if a == alias)
    return f"{table} {alias}"


def _extreme(scene: Scene, table: str = "") -> tuple[Field, Thing, str, str]:
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
    own = found.manner.more if most else found.manner.less
    name = scene.pick(found.words)
    plain = scene.say("(highest|most|largest|greatest)" if most else "(lowest|least|smallest)")
    bare = own and is_meant(scene, found) and scene.chance(0.85)
    word = scene.pick(own) if bare else f"{plain} {name}"
    return found, scene.catalogue.things[found.table], word, "DESC" if most else "ASC"


def is_meant(scene: Scene, found: Field) -> bool:
    """Whether a word of its kind alone means this figure: of a table's prices and costs the one that metrics
    use most, and a price before a cost.
    """
    kind = {*found.manner.more, *found.manner.asks}
    rivals = [
        f
        for f in scene.catalogue.fields
        if f.table == found.table and f.kind == "number" and kind & {*f.manner.more, *f.manner.asks}
    ]
    uses = {f.sql: sum(f.sql in m.sql for m in scene.catalogue.measures) for f in rivals}
    return found == max(rivals, key=lambda f: ("price" in f.column, uses[f.sql]), default=found)


def _first(query: Query, found: Field, order: str, limit: str, select: tuple[str, ...]) -> Query:
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
    return scene.pick(found.manner.asks).replace("{x}", row) if found.manner.asks else ""
