"""Rows that do something to those they point to, where the column is named by a verb: river.traverse."""

from knowledge.schema import ForeignKey
from training.intents.counting import columns_of
from training.intents.pointing import forms, one_of, source
from training.intents.scene import Pair, Scene
from training.query import Query
from training.things import Thing

KIND = "acting"


def acts_on(scene: Scene) -> Pair:
    """'which states does the rhine run through', 'how many states does the rhine cross'."""
    key, child, parent, said = _acting(scene)
    own, x, value = one_of(scene, child)
    said |= {"x": x, "many": scene.pick(parent.plurals), "one": scene.pick(parent.nouns)}
    roll = scene.rng.random()
    if roll < 0.25:
        question = scene.say("how many {many} does {x} {base}|number of {many} (that |){x} {third}", **said)
        return _pair(scene, Query(key.table, ("COUNT(*)",)).also([f"{own} = {value}"]), question)
    question = scene.say(
        "(which|what) {many} (does|do) {x} {base}|(which|what) {one} does {x} {base}"
        "|(what are the|list the|name the|show me the|) {many} (that |which |){x} {third}"
        "|{rest} (which|what) {many} does {x} {go}",
        **said,
    )
    return _pair(scene, Query(key.table, (_far(scene, key),)).also([f"{own} = {value}"]), question)


def acted_on(scene: Scene) -> Pair:
    """'rivers that run through texas', 'which river runs through the most states'."""
    key, child, parent, said = _acting(scene)
    own, far = scene.pick(child.label[:1]), _far(scene, key)
    said |= {"many": scene.pick(child.plurals), "one": scene.pick(child.nouns)}
    roll = scene.rng.random()
    if roll < 0.2:
        question = scene.say(
            "(which|what) {one} {third} the (most|largest number of) {others}"
            "|(what is |)the {one} that {third} the most {others}",
            others=scene.pick(parent.plurals),
            **said,
        )
        query = Query(key.table, (own,), group=("1",), order="COUNT(*) DESC", limit="1")
        return _pair(scene, query, question)
    _, x, value = one_of(scene, parent)
    condition = f"{far} = {value}"
    if roll < 0.35:
        question = scene.say("how many {many} {base} {x}|number of {many} {ing} {x}", x=x, **said)
        return _pair(scene, Query(key.table, (child.counted,)).also([condition]), question)
    if roll < 0.45:
        question = scene.say("(which|what) {many} do(n't| not) {base} {x}|{many} not {ing} {x}", x=x, **said)
        inner = f"SELECT {own} FROM {source(scene, key.table)} WHERE {condition}"
        query = Query(key.table, (own,), distinct=True).also([f"{own} NOT IN ({inner})"])
        return _pair(scene, query, question)
    question = scene.say(
        "(which|what) {many} {base} {x}|(which|what) {one} {third} {x}"
        "|(list|name|show me|give me|what are|) (the |all |all the |){many} (that {base}|{ing}) {x}",
        x=x,
        **said,
    )
    return _pair(scene, Query(key.table, columns_of(scene, child.table)).also([condition]), question)


def _acting(scene: Scene) -> tuple[ForeignKey, Thing, Thing, dict[str, str]]:
    """A key named by a verb, whose it is, whom it points to, and the forms of what people say for it."""
    key, word = scene.pick(scene.catalogue.acting())
    things = scene.catalogue.things
    return key, things[key.table], things[key.to_table], forms(scene, word)


def _far(scene: Scene, key: ForeignKey) -> str:
    return f"{scene.alias(key.table)}.{key.columns[0]}"


def _pair(scene: Scene, query: Query, question: str) -> Pair:
    return Pair(question, scene.render(query), KIND)
