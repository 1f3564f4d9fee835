"""How a measure is asked for: by name or in the glossary's ways, with conditions and a stretch of time."""

from training.intents.scene import Dimension, Scene, Subject
from training.things import Measure

VALUE = (
    "(what is|what was|what's|whats|what were|show|show me|give me|tell me|calculate"
    "|how much is|how much was|how high is|how high was|) (the |our |total |) {what} (|please)"
)


def measured(scene: Scene, measure: Measure, most: int = 2) -> tuple[Subject, str]:
    """The measure with conditions, and how it is asked for: by name, or in one of the glossary's ways."""
    subject = scene.qualifier(measure, most)
    if measure.asks and scene.chance(0.35):
        ask = scene.pick(measure.asks)
        words = next(w for w in measure.words if w in subject.phrase)
        before, _, after = subject.phrase.partition(words)
        return subject, scene.say(
            "{ask} {rest}", ask=ask, rest=f"{_with(before, scene, subject)} {after}".strip()
        )
    return subject, scene.say(VALUE, what=subject.phrase)


def _with(before: str, scene: Scene, subject: Subject) -> str:
    return f"with {before.strip()} {scene.pick(subject.thing.plurals)}" if before.strip() else ""


def dated(
    scene: Scene, measure: Measure, subject: Subject, question: str, share: float
) -> tuple[Subject, str]:
    """Add a stretch of time, at either end of the question."""
    when = scene.when(share) if measure.date else None
    if when is None:
        return subject, question
    table = next(
        (t for t, a in scene.catalogue.schema.aliases.items() if a == measure.date.split(".")[0]),
        measure.base,
    )
    query = subject.query.also([when.within(measure.date)], [table])
    text = scene.say("{q} {when}|{q} {when}|{when}(,|) {q}", q=question, when=when.text)
    return Subject(subject.phrase, query, subject.thing, subject.columns), text


def counted(scene: Scene) -> Measure:
    """The number of rows of a thing, as a measure."""
    thing = scene.pick([t for t in scene.askable if t.date])
    noun = scene.pick(thing.plurals)
    words = tuple(
        scene.say(t, n=noun) for t in ("{n}", "number of {n}", "{n}", "(count of|how many|total) {n}")
    )
    return Measure(
        noun,
        words,
        (f"how many {noun}",),
        "COUNT(*)",
        thing.table,
        frozenset([thing.table]),
        thing.date,
        "",
        False,
    )


def date_table(scene: Scene, measure: Measure, dimension: Dimension) -> frozenset[str]:
    """The table behind a measure's date column, where the dimension is a grain of it."""
    if not dimension.is_time or not measure.date:
        return frozenset()
    return tables_of_date(scene, measure)


def tables_of_date(scene: Scene, measure: Measure) -> frozenset[str]:
    """The table that holds a measure's date column."""
    alias = measure.date.split(".")[0]
    return frozenset(t for t, a in scene.catalogue.schema.aliases.items() if a == alias)


def tail_of(question: str, phrase: str) -> str:
    """What a question says behind its phrase (its dates, mostly)."""
    return question.partition(phrase)[2] if phrase in question else question
