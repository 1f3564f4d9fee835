"""How much, per what, over time: questions about one or two measures."""

import re

from training.intents.asking import VALUE, counted, date_table, dated, measured, tail_of
from training.intents.scene import Pair, Scene, Subject
from training.intents.wholes import in_all
from training.query import Query
from training.things import Measure


def value(scene: Scene) -> Pair:
    """One number."""
    measure = scene.measure()
    subject, question = measured(scene, measure, most=3 if scene.chance(0.3) else 2)
    question = in_all(scene, measure.base, question)
    subject, question = dated(scene, measure, subject, question, 0.65)
    return Pair(question, scene.render(subject.query.plus(select=(measure.sql,))), "value")


def by(scene: Scene) -> Pair:
    """A measure or a count for each value of a dimension."""
    measure = scene.measure() if scene.chance(0.7) else counted(scene)
    subject, question = measured(scene, measure, most=2)
    dimension = scene.dimension(measure.base, measure.date, subject.columns)
    if dimension is None:
        return value(scene)
    subject, question = dated(scene, measure, subject, question, 0.5)
    words = scene.pick(dimension.words)
    question = scene.say("{q} {per}|{q} {per}|{q} {per}|{per}(:|,|) {q}", q=question, per=scene.per(words))
    query = subject.query.also((), dimension.needs | date_table(scene, measure, dimension))
    if dimension.is_time:
        query = query.plus(select=(*dimension.select, measure.sql), group=(dimension.group,), order="1")
        return Pair(question, scene.render(query), "by_time")
    order = ""
    if scene.chance(0.15):
        question = scene.say(
            "{q}(,|) (highest first|best first|largest first|sorted descending|from high to low|ranked)",
            q=question,
        )
        order = f"{len(dimension.select) + 1} DESC"
    query = query.plus(select=(*dimension.select, measure.sql), group=(dimension.group,), order=order)
    return Pair(question, scene.render(query), "by")


def by_two(scene: Scene) -> Pair:
    """A measure by two dimensions, often by one and by month."""
    measure = scene.measure() if scene.chance(0.75) else counted(scene)
    subject, question = measured(scene, measure, most=1)
    first = (
        scene.grain(measure.date)
        if measure.date and scene.chance(0.5)
        else scene.dimension(measure.base, "", subject.columns)
    )
    second = scene.dimension(measure.base, "", subject.columns)
    if (
        first is None
        or second is None
        or first.select == second.select
        or len(first.select + second.select) > 2
    ):
        return by(scene)
    subject, question = dated(scene, measure, subject, question, 0.5)
    one, two = scene.pick(first.words), scene.pick(second.words)
    question = scene.say(
        "{q} (by|per) {one} (and|and by|,) {two}|{q} (by|per) {two} (and|and by|,|per) {one}",
        q=question,
        one=one,
        two=two,
    )
    needs = first.needs | second.needs | date_table(scene, measure, first)
    query = subject.query.also((), needs).plus(
        select=(*first.select, *second.select, measure.sql), group=("1", "2")
    )
    return Pair(question, scene.render(query.plus(order="1" if first.is_time else "")), "by_two")


def trend(scene: Scene) -> Pair:
    """A measure over time, in time order."""
    measure = scene.measure() if scene.chance(0.7) else counted(scene)
    if not measure.date:
        return by(scene)
    subject, question = measured(scene, measure, most=2)
    subject, question = dated(scene, measure, subject, question, 0.7)
    grain = scene.grain(measure.date, ("day", "week", "month", "quarter", "year"))
    words = scene.pick(grain.words)
    question = scene.say(
        "{q} (by|per|each|for each|every) {g}|{q}(,|) {g} by {g}|{q} over time by {g}"
        "|{q} on a {adverb} basis|{adverb} {phrase} {rest}|{q} {adverb}|trend of {q} (by|per) {g}"
        "|(how did|how has|how have) {phrase} (develop|evolve|change|developed) (by|per|from) {g} "
        "{rest}",
        q=question,
        g=words,
        adverb=scene.adverb(grain),
        phrase=subject.phrase,
        rest=tail_of(question, subject.phrase),
    )
    query = subject.query.also((), date_table(scene, measure, grain))
    return Pair(
        question,
        scene.render(query.plus(select=(*grain.select, measure.sql), group=("1",), order="1")),
        "trend",
    )


def two_measures(scene: Scene) -> Pair:
    """Two measures side by side, mostly by a dimension: 'revenue and number of orders per month'."""
    one = scene.measure()
    others = [
        m for m in scene.catalogue.measures if m.base == one.base and m.sql != one.sql and m.date == one.date
    ]
    if not others:
        return by(scene)
    two = scene.pick(others)
    first, second = scene.pick(one.words), scene.pick(two.words)
    thing = scene.catalogue.things[one.base]
    both = scene.say("{a} (and|and|,|plus|as well as|vs|compared to) {b}", a=first, b=second)
    subject, question = dated(
        scene,
        one,
        Subject(both, Query(one.base, needs=one.needs | two.needs), thing),
        scene.say(VALUE, what=both),
        0.5,
    )
    dimension = scene.dimension(one.base, one.date)
    if dimension is None or scene.chance(0.2):
        return Pair(question, scene.render(subject.query.plus(select=(one.sql, two.sql))), "two_measures")
    question = scene.say(
        "{q} {per}|{q} {per}|{per}(:|,|) {q}", q=question, per=scene.per(scene.pick(dimension.words))
    )
    query = subject.query.also((), dimension.needs | date_table(scene, one, dimension))
    query = query.plus(
        select=(*dimension.select, one.sql, two.sql),
        group=(dimension.group,),
        order="1" if dimension.is_time else "",
    )
    return Pair(question, scene.render(query), "two_measures")


_SINGLE = re.compile(r"price|rate|rating|score|satisfaction|percent|pct|level|share|age$")
"""Figures of which no sum is taken."""


def average_per(scene: Scene) -> Pair:
    """How many children a parent has on average: 'orders per customer', 'items per order'."""
    links = [k for keys in scene.catalogue.routes.up.values() for k in keys]
    key = scene.pick(links)
    child, parent = scene.catalogue.things[key.table], scene.catalogue.things[key.to_table]
    numbers = [
        f
        for f in scene.catalogue.fields
        if f.table == key.table and f.kind == "number" and not _SINGLE.search(f.column)
    ]
    top, many = "COUNT(*)", scene.pick(child.plurals)
    if numbers and scene.chance(0.4):
        found = scene.pick(numbers)
        top, many = f"SUM({found.sql})", scene.pick(found.words)
    measure = Measure(many, (many,), (), top, key.table, frozenset([key.table]), child.date, "", False)
    subject = scene.qualifier(measure, 2)
    question = scene.say(
        "(average|avg|mean) (number of |) {p} per {one}"
        "|how (many|much) {p} (per|does the average|does an average|does a typical|on average per) "
        "{one} (have|place|make|buy|contain|)|{p} per {one} on average"
        "|how (many|much) {p} does (each|a|one|every) {one} (have|make|place|contain|buy|get) on "
        "average",
        p=subject.phrase,
        one=scene.pick(parent.nouns),
    )
    subject, question = dated(scene, measure, subject, question, 0.5)
    sql = f"1.0 * {top} / COUNT(DISTINCT {scene.alias(key.table)}.{key.columns[0]})"
    if scene.chance(0.3):
        dimension = scene.dimension(key.table, child.date, subject.columns)
        if dimension:
            question = f"{question} {scene.per(scene.pick(dimension.words))}"
            query = subject.query.also((), dimension.needs | date_table(scene, measure, dimension))
            return Pair(
                question,
                scene.render(query.plus(select=(*dimension.select, sql), group=(dimension.group,))),
                "average_per",
            )
    return Pair(question, scene.render(subject.query.plus(select=(sql,))), "average_per")
