"""Rows of one table that another table joins with each other: 'states that border texas'."""

from training.intents.pointing import forms, key_of, one_of, source
from training.intents.scene import Pair, Scene
from training.query import Query

KIND = "mutual"


def mutual(scene: Scene) -> Pair:
    """'states that border texas', 'which state borders the most states', 'states without borders'."""
    one, two = scene.pick(scene.catalogue.mutual())
    thing, alias = scene.catalogue.things[one.to_table], scene.alias(one.table)
    word = scene.pick(scene.catalogue.relation_words(two))
    near, far = f"{alias}.{one.columns[0]}", f"{alias}.{two.columns[0]}"
    said = {"one": scene.pick(thing.nouns), "many": scene.pick(thing.plurals), "word": word}
    said |= forms(scene, word)
    roll = scene.rng.random()
    if roll < 0.2:
        most = scene.chance(0.75)
        question = scene.say(
            "(which|what) {one} {third} the {most} {many}|{one} (with|that has) the {most} {word}s",
            most=scene.say("(most|largest number of)" if most else "(fewest|least|smallest number of)"),
            **said,
        )
        order = f"COUNT(*) {'DESC' if most else 'ASC'}"
        query = Query(one.table, (near,), group=("1",), order=order, limit="1")
        return Pair(question, scene.render(query), KIND)
    if roll < 0.26:
        question = scene.say(
            "(which|what) {many} {base} no (other |){many}|{many} (without|that have no) {word}s", **said
        )
        alone = f"{key_of(scene, thing)} NOT IN (SELECT {near} FROM {source(scene, one.table)})"
        return Pair(question, scene.render(Query(thing.table, thing.label).also([alone])), KIND)
    _, x, value = one_of(scene, thing)
    condition = f"{near} = {value}"
    if roll < 0.46:
        question = scene.say(
            "(how many|number of|count the) {many} (that |) {base} {x}|how many {many} does {x} {base}"
            "|how many {ing} {many} does {x} have|how many {word}s does {x} have",
            x=x,
            **said,
        )
        return Pair(question, scene.render(Query(one.table, ("COUNT(*)",)).also([condition])), KIND)
    question = scene.say(
        "(which|what|list|name|show me|give me|what are the|) {many} (that |which |) {base} {x}"
        "|(what|which|list the|) {many} {ing} {x}|(what|which) {many} does {x} {base}"
        "|{x} {third} (what|which) {many}"
        "|{word}s of {x}|what {third} {x}|neighbo(|u)rs of {x}|{many} next to {x}",
        x=x,
        **said,
    )
    return Pair(question, scene.render(Query(one.table, (far,)).also([condition])), KIND)
