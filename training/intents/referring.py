"""What is asked of rows that are referred to by what they are: 'rivers in the largest state'."""

from training.intents.counting import columns_of
from training.intents.pointing import forms, key_of
from training.intents.referred import Referred, first_of, referred
from training.intents.scene import Pair, Scene
from training.intents.superlatives import asked_of, extreme, sorted_by
from training.query import Query
from training.things import Thing

KIND = "referring"


def referring(scene: Scene) -> Pair:
    """'the population of states that border texas', 'how many rivers run through the largest state'."""
    catalogue = scene.catalogue
    keyed = [thing for thing in catalogue.things.values() if thing.key and thing.label]
    thing = scene.pick([thing for thing in keyed if not catalogue.points(thing.table, thing.key)])
    rows = referred(scene, thing)
    asks = [_below, _below, _beside, _acting]
    asks += [] if rows.own else [_figure, _figure]  # of its own table no key is looked up first
    asks += [] if rows.single else [_most, _most]
    return first_of(scene, asks, thing, rows)


def _figure(scene: Scene, thing: Thing, rows: Referred) -> Pair:
    """'the capital of states bordering texas', 'how big is the state with the most rivers'."""
    others = [f for f in scene.catalogue.fields if f.table == thing.table and f.sql not in thing.label]
    wanted = scene.pick(others)
    question = scene.say(
        "(what is|what's|give me|tell me|) the {name} of {rows}|{name} of {rows}"
        if rows.single
        else "(what is|what are|show|give me|list|) the {name} of (the |all the |){rows}|{name} of {rows}",
        name=scene.pick(wanted.words),
        rows=rows.phrase,
    )
    asked = asked_of(scene, wanted, rows.phrase) if rows.single else ""
    query = Query(thing.table, (wanted.sql,)).also([f"{key_of(scene, thing)} {rows.compared}"])
    return Pair(asked if asked and scene.chance(0.5) else question, scene.render(query), KIND)


def _most(scene: Scene, thing: Thing, rows: Referred) -> Pair:
    """'the largest state that borders texas'."""
    found, _, word, order = extreme(scene, thing.table)
    question = scene.say(
        "(what is|which is|what's|) the {w} {one} {after}|(which|what) {one} {after} is the {w}"
        "|of the {rows} which (one |)is the {w}",
        w=word,
        one=scene.pick(thing.nouns),
        after=rows.after,
        rows=rows.phrase,
    )
    query = Query(thing.table).also([f"{key_of(scene, thing)} {rows.compared}"])
    return Pair(question, scene.render(sorted_by(query, found, order, "1", thing.label)), KIND)


def _below(scene: Scene, thing: Thing, rows: Referred) -> Pair:
    """'cities in states that border texas', 'the highest point of the largest state'."""
    key, child = scene.pick(scene.below(thing))
    condition = f"{scene.alias(key.table)}.{key.columns[0]} {rows.compared}"
    if scene.catalogue.is_one_to_one(key):
        own = [f for f in scene.catalogue.fields if f.table == child.table and f.column not in key.columns]
        wanted = scene.pick(own)
        question = scene.say(
            "(what is|what's|what are|name|tell me|give me|) the {name} (in|of|for) {rows}|{name} of {rows}",
            name=scene.pick(wanted.words),
            rows=rows.phrase,
        )
        return Pair(question, scene.render(Query(child.table, (wanted.sql,)).also([condition])), KIND)
    counted = scene.chance(0.35)
    subject = scene.subject(child, most=1, verb_dates=False)
    question = scene.say(
        "(how many|number of|count the) {what} (are |are there |)(in|of|for|from|with|on) {rows}"
        if counted
        else "(which|what|list|show|name|what are the|) {what} (are |)(in|of|for|from|with|on) {rows}",
        what=subject.phrase,
        rows=rows.phrase,
    )
    select = (child.counted,) if counted else columns_of(scene, child.table)
    return Pair(question, scene.render(subject.query.also([condition]).plus(select=select)), KIND)


def _beside(scene: Scene, thing: Thing, rows: Referred) -> Pair:
    """'states that border the largest state'."""
    one, two = scene.pick([keys for keys in scene.catalogue.mutual() if keys[0].to_table == thing.table])
    alias = scene.alias(one.table)
    question = scene.say(
        "(which|what) {many} {base} {rows}|(list the |what are the |){many} (that {base}|{ing}) {rows}",
        many=scene.pick(thing.plurals),
        rows=rows.phrase,
        **forms(scene, scene.pick(scene.catalogue.relation_words(two))),
    )
    query = Query(one.table, (f"{alias}.{two.columns[0]}",), distinct=not rows.single)
    return Pair(question, scene.render(query.also([f"{alias}.{one.columns[0]} {rows.compared}"])), KIND)


def _acting(scene: Scene, thing: Thing, rows: Referred) -> Pair:
    """'rivers that run through the largest state'."""
    key, word = scene.pick(
        [(key, word) for key, word in scene.catalogue.acting() if key.to_table == thing.table]
    )
    child = scene.catalogue.things[key.table]
    counted = scene.chance(0.3)
    question = scene.say(
        "how many {many} {base} {rows}|number of {many} {ing} {rows}"
        if counted
        else "(which|what) {many} {base} {rows}|(list the |name the |){many} (that {base}|{ing}) {rows}",
        many=scene.pick(child.plurals),
        rows=rows.phrase,
        **forms(scene, word),
    )
    select = (child.counted,) if counted else columns_of(scene, child.table)
    query = Query(key.table, select).also([f"{scene.alias(key.table)}.{key.columns[0]} {rows.compared}"])
    return Pair(question, scene.render(query), KIND)
