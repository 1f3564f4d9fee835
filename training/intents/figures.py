"""A figure of one row that is named: 'how long is the rhine'."""

from training.intents.pointing import one_of, told_by
from training.intents.scene import Pair, Scene
from training.intents.superlatives import asked_of, meant, superlative
from training.query import Query
from training.things import Field


def figure(scene: Scene) -> Pair:
    """'how long is the rhine', 'population of austin texas': a figure of one row, as English asks for it."""
    named = [
        (f, thing)
        for f in scene.catalogue.fields
        if meant(scene, f, f.manner.asks) and (thing := scene.catalogue.things[f.table]).label
    ]
    found, thing = scene.pick(named)
    query = Query(thing.table, (found.sql,))
    homes = [key for key, pairs in scene.catalogue.homes.items() if key.table == thing.table and pairs]
    if homes and scene.chance(0.3):
        key = scene.pick(homes)
        name, home = scene.pick(scene.catalogue.homes[key])
        column = f"{thing.table}.{thing.label[0].partition('.')[2]}"
        there = f"{scene.alias(thing.table)}.{key.columns[0]} = ⟦v:{key.to_table}.{key.to_columns[0]}:{home}⟧"
        query = query.also([f"{thing.label[0]} = ⟦v:{column}:{name}⟧", there])
        row = scene.say(
            "{x} {y}|{x}, {y}|{x} in {y}|the {one} {x} in {y}", x=name, y=home, one=thing.nouns[0]
        )
        return Pair(_figure_asked(scene, found, row.lower()), scene.render(query), "figure")
    column, name = scene.catalogue.some_name(thing.table, scene.rng)
    if not name:
        return superlative(scene)
    said = name if scene.chance(0.5) else name.lower()
    row = scene.say("{x}|{x}|the {noun} {x}|the {x} {noun}|{x} {noun}", x=said, noun=scene.pick(thing.nouns))
    own = thing.label[0] if len(thing.label) == 1 else " || ' ' || ".join(thing.label)
    query = query.also([f"{own} = ⟦v:{column}:{name}⟧"])
    return Pair(_figure_asked(scene, found, row), scene.render(query), "figure")


def _figure_asked(scene: Scene, found: Field, row: str) -> str:
    """In a way of its own, or by its name."""
    plain = scene.say(
        "(what is|what's|) the {name} of {row}|{name} of {row}", name=scene.pick(found.words), row=row
    )
    return asked_of(scene, found, row) if scene.chance(0.5) else plain


def beside_figure(scene: Scene) -> Pair:
    """'how high is the highest point of texas', 'how high is guadalupe peak': a figure of what a text beside
    it names, where both columns' names begin alike.
    """
    catalogue = scene.catalogue
    found, named = scene.pick(
        [
            (figure, text)
            for figure in catalogue.fields
            if figure.manner.asks
            for text in catalogue.names_beside(catalogue.things[figure.table])
            if _begin_alike(figure, text)
        ]
    )
    thing = catalogue.things[found.table]
    ask = scene.pick(
        [*found.manner.asks, f"what is the {scene.pick(found.manner.nouns or found.words)} of {{x}}"]
    )
    if scene.chance(0.4):
        column = f"{named.table}.{named.column}"
        name = scene.pick(catalogue.open_values[column])
        said = name if scene.chance(0.5) else name.lower()
        query = Query(thing.table, (found.sql,)).also([f"{named.sql} = ⟦v:{column}:{name}⟧"])
        return Pair(ask.replace("{x}", said), scene.render(query), "beside_figure")
    key = scene.pick(catalogue.routes.up.get(thing.table, []))
    own, x, value = one_of(scene, catalogue.things[key.to_table])
    column, needs = told_by(scene, key, own)
    row = scene.say("the {name} (in|of) {x}", name=scene.pick(named.words), x=x)
    query = Query(thing.table, (found.sql,)).also([f"{column} = {value}"], needs)
    return Pair(ask.replace("{x}", row), scene.render(query), "beside_figure")


def _begin_alike(one: Field, other: Field) -> bool:
    """'highest_elevation' and 'highest_point': what one names the other measures."""
    first, second = one.column.split("_"), other.column.split("_")
    return len(first) > 1 and len(second) > 1 and first[0] == second[0] and first != second
