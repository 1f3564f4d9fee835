"""Small parts of questions that go from one table to another: a row by its name, its key, a verb."""

from knowledge.schema import ForeignKey
from training.intents.scene import Scene
from training.things import Thing
from training.verbs import Verb, verbs


def one_of(scene: Scene, thing: Thing) -> tuple[str, str, str]:
    """The column that names a thing's rows, how people write one by it, and the marker for its name. Raises
    NothingToAskError where no single column does.
    """
    column, name = scene.catalogue.some_name(thing.table, scene.rng)
    own = scene.pick(thing.label if len(thing.label) == 1 and name else ())
    said = name if scene.chance(0.5) else name.lower()
    row = scene.say("{x}|{x}|the {x}|the {one} {x}|the {x} {one}", x=said, one=scene.pick(thing.nouns))
    return own, row, f"⟦v:{column}:{name}⟧"


def told_by(scene: Scene, key: ForeignKey, name: str) -> tuple[str, frozenset[str]]:
    """The column from which a row is told whose `name` it points to, and the table that it takes: its own
    column, where that holds the name itself.
    """
    if name == f"{scene.alias(key.to_table)}.{key.to_columns[0]}":
        return f"{scene.alias(key.table)}.{key.columns[0]}", frozenset()
    return name, frozenset([key.to_table])


def forms(scene: Scene, word: str) -> dict[str, str]:
    """Forms of one of the verbs that people say for a column's name, for templates."""
    return scene.pick(verbs(word) or (Verb(word, f"{word}s", f"{word}ing"),)).forms


def key_of(scene: Scene, thing: Thing) -> str:
    return f"{scene.alias(thing.table)}.{thing.key}"


def source(scene: Scene, table: str) -> str:
    """As FROM names it."""
    return f"{table} {scene.alias(table)}"
