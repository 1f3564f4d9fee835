"""Where rows are, for tables that tell a place or point to one: 'where is houston'."""

from knowledge.words import word_set
from training.english import plural
from training.intents.pointing import told_by
from training.intents.scene import Pair, Scene
from training.query import Query
from training.things import Thing

PLACES = word_set(
    """address area branch building campus city continent country county depot district land location
    neighborhood neighbourhood office place port province region room site state station store town village
    warehouse zone"""
)
KIND = "where"


def where(scene: Scene) -> Pair:
    """'where is houston', 'in which state is houston', 'how many states have a city named springfield'."""
    thing, place, wanted, needs = scene.pick(_placed(scene))
    column, name = scene.catalogue.some_name(thing.table, scene.rng)
    own = scene.pick(thing.label if len(thing.label) == 1 and name else ())
    said, one = name if scene.chance(0.5) else name.lower(), scene.pick(thing.nouns)
    query = Query(thing.table).also([f"{own} = ⟦v:{column}:{name}⟧"], needs)
    if thing.repeats and scene.chance(0.3):
        counted = scene.chance(0.5)
        question = scene.say(
            "how many {places} have {one}"
            if counted
            else "(which|what|list the|) {places} (that |)have {one}",
            places=plural(place),
            one=scene.say("(a {one}|{many}) (named|called) {x}", one=one, many=plural(one), x=said),
        )
        select = f"COUNT(DISTINCT {wanted})" if counted else wanted
        return Pair(question, scene.render(query.plus(select=(select,))), KIND)
    question = scene.say(
        "where is {x}|where is {x} (located|)|where's {x}|where can i find {x}|in (which|what) {place} is {x}"
        "|(which|what) {place} is {x} in|{x} is in (which|what) {place}|(which|what) {place} has {x}"
        "|{place} of {x}",
        x=scene.say("{x}|{x}|{x}|the {one} {x}", x=said, one=one),
        place=place,
    )
    return Pair(question, scene.render(query.plus(select=(wanted,))), KIND)


def _placed(scene: Scene) -> list[tuple[Thing, str, str, frozenset[str]]]:
    """Things with a name, the word for their place, the column that tells it, and the tables behind that."""
    catalogue, found = scene.catalogue, []
    for thing in scene.askable:
        for key in catalogue.routes.up.get(thing.table, []):
            parent = catalogue.things[key.to_table]
            if parent.nouns[0].split()[-1] in PLACES and len(parent.label) == 1:
                found.append((thing, scene.pick(parent.nouns), *told_by(scene, key, parent.label[0])))
        for field in catalogue.fields:
            is_place = field.table == thing.table and field.column.split("_")[-1].lower() in PLACES
            if (
                is_place
                and field.kind in ("open", "enum")
                and not catalogue.points(field.table, field.column)
            ):
                found.append((thing, scene.pick(field.words), field.sql, frozenset()))
    return [placed for placed in found if placed[2] not in placed[0].label]
