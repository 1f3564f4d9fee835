"""Rows by what a text of theirs names: 'what state is austin the capital of'."""

from training.intents.counting import columns_of
from training.intents.scene import Pair, Scene
from training.query import Query


def whose(scene: Scene) -> Pair:
    """'sacramento is the capital of which state', 'the state whose capital is dover'."""
    catalogue = scene.catalogue
    field = scene.pick([field for thing in scene.askable for field in catalogue.names_beside(thing)])
    thing, column = catalogue.things[field.table], f"{field.table}.{field.column}"
    value = scene.pick(catalogue.open_values[column])
    question = scene.say(
        "(what|which) {one} is {x} the {name} of|{x} is the {name} of (what|which) {one}"
        "|(what|which) {one} has {x} as (its|the) {name}|(what|which) {one}(s|'s|) {name} is {x}"
        "|(the |){one} (whose {name} is|with the {name}) {x}",
        one=scene.pick(thing.nouns),
        name=scene.pick(field.words),
        x=value if scene.chance(0.5) else value.lower(),
    )
    query = Query(thing.table, columns_of(scene, thing.table)).also([f"{field.sql} = ⟦v:{column}:{value}⟧"])
    return Pair(question, scene.render(query), "whose")
