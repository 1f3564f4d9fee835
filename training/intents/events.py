"""What happened: the event first, counted or measured; who did it most; for which reasons."""

from training.intents.counting import count
from training.intents.scene import Dimension, NothingToAskError, Pair, Scene
from training.phrases import When, number_phrase
from training.query import Query
from training.things import Measure, Thing

_ASK_COUNT = ("(how many|number of|count of|count the|no. of|# of|total)", "(how many|number of)", "", "")


def events(scene: Scene) -> Pair:
    """Things by what happened to them and when, counted, per something, over time: 'parcels sent today?'."""
    thing, column, verbs = _event(scene)
    subject = scene.subject(thing, most=2, verb_dates=False)
    when = scene.when(0.8)
    query = subject.query.also(happened(scene, column, when))
    words = {
        "q": scene.say(scene.pick(_ASK_COUNT)),
        "what": subject.phrase,
        "done": scene.pick(verbs),
        "when": when.text if when else "",
    }
    question = scene.say(
        "{q} {what} {done} {when}|{q} {what} (that were|we|were|have been|got|which were|that) "
        "{done} {when}|{q} {what} did we get {done} {when}|{when}(:|,|) {q} {what} {done}",
        **words,
    )
    roll = scene.rng.random()
    if roll < 0.4:
        return Pair(question, scene.render(query.plus(select=("COUNT(*)",))), "events")
    if roll < 0.65:
        grain = scene.grain(column, ("day", "week", "month", "quarter", "year"))
        word = scene.pick(grain.words)
        per = scene.say(
            "(by|per|each|in each|for each|every|by {w} of|per) {w}|{w} by {w}|{adverb}"
            "|(by|per) (the |) {w} (in which|when) (they|it) (were|was|actually|) {done}|(by|per) {w} {done}"
            "|(by|per) {w} of being {done}",
            w=word,
            adverb=scene.adverb(grain) or "by " + word,
            done=words["done"],
        )
        question = scene.say("{q} {per}|{q}(,|) {per}", q=question, per=per)
        return Pair(
            question,
            scene.render(query.plus(select=(*grain.select, "COUNT(*)"), group=("1",), order="1")),
            "events_over_time",
        )
    dimension = (
        who(scene, thing.table) if scene.chance(0.3) else scene.dimension(thing.table, "", subject.columns)
    )
    if dimension is None:
        return Pair(question, scene.render(query.plus(select=("COUNT(*)",))), "events")
    per = scene.per(scene.pick(dimension.words))
    question = scene.say("{q} {per}|{q}(,|:| -) (how many |count |) {per}", q=question, per=per)
    query = query.also((), dimension.needs).plus(
        select=(*dimension.select, "COUNT(*)"), group=(dimension.group,)
    )
    return Pair(question, scene.render(query), "events_by")


def event_measure(scene: Scene) -> Pair:
    """The event first, then the measure: 'refunds requested since January, amount by reason'."""
    measure = scene.measure()
    thing = scene.catalogue.things[measure.base]
    spoken = [(c, w) for c, w in thing.verbs if w]
    if not spoken:
        return events(scene)
    column, verbs = scene.pick(spoken)
    subject = scene.subject(thing, most=2, verb_dates=False)
    when = scene.date()
    query = subject.query.also([when.within(column)], measure.needs)
    dimension = scene.dimension(measure.base, column, subject.columns)
    if dimension is None:
        return events(scene)
    if dimension.is_time and scene.chance(0.4):
        return _measured_when(scene, measure, dimension, column, verbs)
    words = {
        "what": subject.phrase,
        "done": scene.pick(verbs),
        "when": when.text,
        "m": scene.pick(measure.words),
        "per": scene.per(scene.pick(dimension.words)),
    }
    question = scene.say(
        "{what} {done} {when}(,|:| -) {m} {per}"
        "|(for|of|looking at) (the |) {what} (that were |) {done} {when}(,|:) "
        "(what is |what was |show |) (the |) {m} {per}|{m} {per} (for|of) {what} {done} {when}"
        "|{m} {per}(,|) {what} {done} {when} only",
        **words,
    )
    query = query.also((), dimension.needs).plus(
        select=(*dimension.select, measure.sql),
        group=(dimension.group,),
        order="1" if dimension.is_time else "",
    )
    return Pair(question, scene.render(query), "event_measure")


def _measured_when(
    scene: Scene, measure: Measure, grain: Dimension, column: str, verbs: tuple[str, ...]
) -> Pair:
    """A measure by the time of an event: 'refunded amounts by the month in which the money went back'."""
    subject = scene.qualifier(measure, 2)
    when = scene.when(0.7)
    question = scene.say(
        "{m} (by|per) (the |) {w} (in which|when|that) (they|it|we) (were|was|actually|really|) {done} {when}"
        "|{m} (by|per) {w} {done}(,|) {when}|{m} {when}(,|) (by|per) {w} (of being |when |) {done}",
        m=subject.phrase,
        w=scene.pick(grain.words),
        done=scene.pick(verbs),
        when=when.text if when else "",
    )
    query = subject.query.also(happened(scene, column, when)).plus(
        select=(*grain.select, measure.sql), group=("1",), order="1"
    )
    return Pair(question, scene.render(query), "measured_when")


def who_most(scene: Scene) -> Pair:
    """'who closed the most tickets in October? top 5', 'which carrier lost most parcels'."""
    thing, column, verbs = _event(scene)
    dimension = who(scene, thing.table)
    if dimension is None:
        return count(scene)
    told = column != thing.date or scene.chance(0.4)
    subject = scene.subject(thing, most=2, verb_dates=False)
    single = scene.chance(0.35)
    said, marker = ("", "1") if single else number_phrase(scene.rng, [3, 5, 10, 2, 4, 6, 8, 15, 20])
    fewest = scene.chance(0.15)
    most = scene.pick(
        ("fewest", "least")
        if fewest
        else ("the most", "most", "the highest number of", "the largest number of", "the biggest number of")
    )
    one = scene.pick(dimension.words)
    many = one if one.endswith("s") else one + "s"
    words = {
        "done": scene.pick(verbs),
        "most": most,
        "what": subject.phrase,
        "one": one,
        "many": many,
        "n": said,
    }
    when = scene.when(0.6)
    words["when"] = when.text if when else ""
    question = scene.say(_DID[single] if told else _HAD[single], **words)
    happening = happened(scene, column, when) if told else [when.within(column)] if when else []
    query = subject.query.also(happening, dimension.needs)
    order = f"{len(dimension.select) + 1} {'ASC' if fewest else 'DESC'}"
    query = query.plus(
        select=(*dimension.select, "COUNT(*)"), group=(dimension.group,), order=order, limit=marker
    )
    return Pair(question, scene.render(query), "who_most")


_DID = {
    True: "(who|which {one}|what {one}) (has |) {done} {most} {what} {when}"
    "|(which|what|) {one} (with|had|has|got) {most} {what} {done} {when}",
    False: "(who|which {many}) (has |) {done} {most} {what} {when}(?|,|:|) top {n}"
    "|(the |) {n} {many} (who|that|which) {done} {most} {what} {when}"
    "|top {n} {many} by (number of |) {what} {done} {when}",
}
_HAD = {
    True: "(which|what) {one} (had|has|got|made|handled|gets|sees) {most} {what} {when}"
    "|{one} with {most} {what} {when}",
    False: "top {n} {many} by (number of |) {what} {when}"
    "|(which|what|the) {n} {many} (had|have|got|handled|made) {most} {what} {when}"
    "|{n} {many} with {most} {what} {when}",
}
"""By whether one is asked for: with what was done, and where only the thing's own date can be meant."""


def who(scene: Scene, table: str) -> Dimension | None:
    """A named thing right above the table, or the row above that one ('manager')."""
    above = [
        k
        for k in scene.catalogue.routes.up.get(table, [])
        if scene.catalogue.things[k.to_table].label and scene.catalogue.things[k.to_table].key
    ]
    if not above:
        return None
    key = scene.pick(above)
    thing = scene.catalogue.things[key.to_table]
    reflexive = [k for k in scene.catalogue.schema.foreign_keys if k.table == k.to_table == thing.table]
    if reflexive and scene.chance(0.2):
        alias = scene.alias(thing.table)
        label = tuple(c.replace(f"{alias}.", f"{alias}2.") for c in thing.label)
        group = "1" if len(label) == 1 else f"{alias}2.{thing.key}"
        words = scene.catalogue.link_words(reflexive[0]).above
        return Dimension(words, label, group, frozenset([thing.table, f"{thing.table}^"]))
    return scene.named(thing)


def reasons(scene: Scene) -> Pair:
    """'why did people cancel this year?': rows per value of a reason-like column."""
    fields = [
        f
        for f in scene.catalogue.fields
        if f.kind == "enum" and any(w in f.column for w in ("reason", "cause", "topic", "type"))
    ]
    if not fields:
        return events(scene)
    found = scene.pick(fields)
    thing = scene.catalogue.things[found.table]
    ends = {f.sql for f in scene.catalogue.fields if f.table == found.table and f.nullable}
    spoken = [(c, w) for c, w in thing.verbs if w and (c in ends if found.nullable else c == thing.date)]
    column, verbs = scene.pick(spoken) if spoken else (thing.date, ("have",))
    when = scene.when(0.6) if column else None
    question = scene.say(
        "why (did|do|were|have) (people|customers|they|our customers|we|{what}) (get |) {done} "
        "(their |the |our |) {what} {when}|why (were|are|did) {what} {done} {when}"
        "|(reasons|main reasons|top reasons) (for|why) {what} (were |) {done} {when}"
        "|what (were|are) the {words} (for|of) {what} {done} {when}|{what} {done} {when} by {words}",
        what=scene.pick(thing.plurals),
        done=scene.pick(verbs),
        when=when.text if when else "",
        words=scene.pick(found.words),
    )
    if scene.chance(0.3):
        question = scene.say(
            "{q}(?|) (count|split|break down|how many|broken down|counts|numbers) (by|per) (reason|{w})",
            q=question,
            w=scene.pick(found.words),
        )
    query = Query(thing.table, (found.sql, "COUNT(*)"), group=("1",)).also(happened(scene, column, when))
    if found.nullable:
        query = query.also([f"{found.sql} IS NOT NULL"])
    return Pair(question, scene.render(query), "reasons")


def happened(scene: Scene, column: str, when: When | None) -> list[str]:
    """That something happened, within a stretch of time or at all."""
    if when:
        return [when.within(column)]
    nullable = any(f.sql == column and f.nullable for f in scene.catalogue.fields)
    return [f"{column} IS NOT NULL"] if nullable else []


def _event(scene: Scene) -> tuple[Thing, str, tuple[str, ...]]:
    spoken = [(t, c, w) for t in scene.askable for c, w in t.verbs if w]
    if not spoken:
        raise NothingToAskError
    weights = [2 if scene.catalogue.sizes[t.table] > 1000 else 1 for t, _, _ in spoken]
    return scene.rng.choices(spoken, weights=weights)[0]
