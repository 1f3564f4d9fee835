"""Rows of one table that another table joins with each other: 'states that border texas'."""

from training.intents.scene import Pair, Scene
from training.intents.superlatives import extreme, sorted_by, superlative
from training.query import Query
from training.things import Thing
from training.verbs import Verb, verbs

KIND = "mutual"


def mutual(scene: Scene) -> Pair:
    """'states that border texas': rows of one table that another table joins with each other."""
    one, two = scene.pick(scene.catalogue.mutual())
    thing, alias = scene.catalogue.things[one.to_table], scene.alias(one.table)
    word = scene.pick(scene.catalogue.relation_words(two))
    said = scene.pick(verbs(word) or (Verb(word, f"{word}s", f"{word}ing"),)).forms
    column, name = scene.catalogue.some_name(thing.table, scene.rng)
    if not name:
        return superlative(scene)
    near, far = f"{alias}.{one.columns[0]}", f"{alias}.{two.columns[0]}"
    said |= {"one": scene.pick(thing.nouns), "many": scene.pick(thing.plurals), "word": word}
    roll = scene.rng.random()
    if roll < 0.2:
        question = scene.say(
            "(which|what) {one} {third} the (most|largest number of) {many}"
            "|{one} (with|that has) the most {word}s",
            **said,
        )
        query = Query(one.table, (near,), group=("1",), order="COUNT(*) DESC", limit="1")
        return Pair(question, scene.render(query), KIND)
    spelled = name if scene.chance(0.5) else name.lower()
    x = scene.say("{x}|{x}|the {one} {x}|the {one} of {x}", x=spelled, one=said["one"])
    condition = f"{near} = ⟦v:{column}:{name}⟧"
    if roll < 0.4:
        question = scene.say(
            "(how many|number of|count the) {many} (that |) {base} {x}|how many {many} does {x} {base}"
            "|how many {ing} {many} does {x} have|how many {word}s does {x} have",
            x=x,
            **said,
        )
        return Pair(question, scene.render(Query(one.table, ("COUNT(*)",)).also([condition])), KIND)
    key = f"{scene.alias(thing.table)}.{thing.key}"
    if roll < 0.46:
        question = scene.say(
            "(which|what) {many} {base} no (other |){many}|{many} (without|that have no) {word}s", **said
        )
        alone = Query(thing.table, thing.label).also(
            [f"{key} NOT IN (SELECT {near} FROM {one.table} {alias})"]
        )
        return Pair(question, scene.render(alone), KIND)
    after = scene.say("({ing}|that {base}|which {base}) {x}", x=x, **said)
    inner = f"SELECT {far} FROM {one.table} {alias} WHERE {condition}"
    if roll < 0.54:
        question = scene.say(
            "(which|what|list the|) {many} (that |) {base} (the |){many} {after}", after=after, **said
        )
        twice = Query(one.table, (far,), distinct=True).also([f"{near} IN ({inner})"])
        return Pair(question, scene.render(twice), KIND)
    if roll < 0.62:
        return _in_those(scene, thing, inner, after)
    if roll < 0.74:
        return of_those(scene, thing, key, inner, after)
    question = scene.say(
        "(which|what|list|name|show me|give me|what are the|) {many} (that |which |) {base} {x}"
        "|(what|which|list the|) {many} {ing} {x}|(what|which) {many} does {x} {base}"
        "|{x} {third} (what|which) {many}"
        "|{word}s of {x}|what {third} {x}|neighbo(|u)rs of {x}|{many} next to {x}",
        x=x,
        **said,
    )
    return Pair(question, scene.render(Query(one.table, (far,)).also([condition])), KIND)


def _in_those(scene: Scene, thing: Thing, inner: str, after: str) -> Pair:
    """'cities in states that border texas': rows of another table that point to such rows."""
    key = scene.pick([k for k in scene.catalogue.children(thing.table) if k.table in scene.catalogue.things])
    child = scene.catalogue.things[key.table]
    counted = scene.chance(0.3)
    question = scene.say(
        "(how many|number of) {children} are (there |)(in|of) (the |){many} {after}"
        if counted
        else "(which|what|list|name|what are the|) {children} (are |)(in|of|through) (the |){many} {after}",
        children=scene.pick(child.plurals),
        many=scene.pick(thing.plurals),
        after=after,
    )
    select = (child.counted,) if counted else child.label
    own = f"{scene.alias(key.table)}.{key.columns[0]}"
    return Pair(question, scene.render(Query(child.table, select).also([f"{own} IN ({inner})"])), KIND)


def of_those(scene: Scene, thing: Thing, key: str, inner: str, after: str) -> Pair:
    """'the capital of states bordering texas', 'the largest state that borders texas': a figure of the rows
    whose `key` is in `inner`, or the one with the most; `after` says behind the noun which rows they are.
    """
    query = Query(thing.table).also([f"{key} IN ({inner})"])
    if scene.chance(0.5):
        found, _, word, order = extreme(scene, thing.table)
        one = scene.pick(thing.nouns)
        question = scene.say(
            "(what is|which is|what's|) the {w} {one} {after}|(which|what) {one} {after} is the {w}",
            w=word,
            one=one,
            after=after,
        )
        return Pair(question, scene.render(sorted_by(query, found, order, "1", thing.label)), KIND)
    others = [f for f in scene.catalogue.fields if f.table == thing.table and f.sql not in thing.label]
    wanted = scene.pick(others)
    question = scene.say(
        "(what is|what are|show|give me|list|) the {name} of (the |all |all the |) {many} {after}"
        "|{name} of {many} {after}",
        name=scene.pick(wanted.words),
        many=scene.pick(thing.plurals),
        after=after,
    )
    return Pair(question, scene.render(query.plus(select=(wanted.sql,))), KIND)
