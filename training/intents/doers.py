"""Rows and who does something to them, for tables named by what they do: 'who supplies the kettle'."""

from functools import cache
from pathlib import Path

import yaml

from knowledge.schema import ForeignKey
from training.intents.counting import columns_of
from training.intents.pointing import one_of, told_by
from training.intents.scene import Pair, Scene
from training.query import Query
from training.things import Thing

KIND = "doer"


def who_does(scene: Scene) -> Pair:
    """'who supplies the kettle', 'what does braun supply', 'how many products does braun make'."""
    key, child, doer, said = scene.pick(_doers(scene))
    base, third, past = scene.pick(said).split(maxsplit=2)
    words = {"base": base, "third": third, "past": past, "one": scene.pick(doer.nouns)}
    many = scene.pick(child.plurals)
    if scene.chance(0.5):
        own, x, value = one_of(scene, child)
        question = scene.say("who ({third}|{past}) {x}|(which|what) {one} ({third}|{past}) {x}", x=x, **words)
        column, needs = told_by(scene, key, scene.pick(doer.label[:1]))
        query = Query(child.table, (column, *doer.label[1:])).also([f"{own} = {value}"], needs)
        return Pair(question, scene.render(query), KIND)
    own, x, value = one_of(scene, doer)
    counted = scene.chance(0.3)
    question = scene.say(
        "how many {many} (does {x} {base}|did {x} {base}|{x} {past})"
        if counted
        else "(what|which {many}) does {x} {base}|(what|which {many}) did {x} {base}"
        "|(list the |show me |){many} (that |){x} ({third}|{past})",
        x=x,
        many=many,
        **words,
    )
    select = (child.counted,) if counted else columns_of(scene, child.table)
    column, needs = told_by(scene, key, own)
    query = Query(child.table, select).also([f"{column} = {value}"], needs)
    return Pair(question, scene.render(query), KIND)


def _doers(scene: Scene) -> list[tuple[ForeignKey, Thing, Thing, list[str]]]:
    """Keys to a table that is named so, whose it is, whom it points to, and what they do."""
    things = scene.catalogue.things
    return [
        (key, child, things[key.to_table], said)
        for child in scene.askable
        for key in scene.catalogue.routes.up.get(child.table, [])
        if (said := next((_known()[n] for n in things[key.to_table].nouns if n in _known()), None))
    ]


@cache
def _known() -> dict[str, list[str]]:
    given: dict[str, list[str]] = yaml.safe_load(
        (Path(__file__).parents[1] / "doers.yaml").read_text(encoding="utf-8")
    )
    return given
