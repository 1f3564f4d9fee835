"""One figure for all of something: 'across all warehouses' names what is not to be split."""

from training.intents.scene import Scene


def in_all(scene: Scene, base: str, question: str) -> str:
    """The question, now and then with what it is to be taken over together."""
    if not scene.chance(0.07):
        return question
    reach = scene.catalogue.routes.reachable(base)
    above = [t for t in scene.catalogue.things.values() if t.table in reach and t.table != base and t.label]
    if not above:
        return question
    return scene.say(
        "{q} (across|over|in) all (|our |the |of our ){many} (|together|combined|in total)"
        "|{q} (all|taken|put) together|{q}, all {many} together",
        q=question,
        many=scene.pick(scene.pick(above).plurals),
    )
