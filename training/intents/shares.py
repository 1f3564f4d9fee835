"""What part of the rows, or of a sum, satisfies a condition."""

from training.intents.asking import dated
from training.intents.measuring import value
from training.intents.scene import Pair, Scene
from training.things import Measure


def share(scene: Scene) -> Pair:
    """What part of the rows satisfies a condition, in percent."""
    rng = scene.rng
    thing = scene.thing()
    subject = scene.subject(thing, most=1)
    drawn = scene.condition(thing.table)
    if drawn is None or drawn.sql in subject.query.where or (drawn.columns & subject.columns):
        return value(scene)
    said = drawn.after or (scene.say("(are|were|is|that are) {b}", b=drawn.before or drawn.instead))
    part = (
        f"{drawn.before} {rng.choice(thing.plurals)}"
        if drawn.before
        else (drawn.instead or f"{rng.choice(thing.plurals)} {drawn.after}")
    )
    head = (
        "(what share|what percentage|what percent|what proportion|which share|what part|share"
        "|percentage|what fraction|what %|%|pct)"
    )
    question = scene.say(
        head + " of (our |the |all |) {what} {said}|" + head + " of {part} (among|in|out of) (all |) {what}"
        "|{part} as (a |) (share|percentage|%|percent) of (all |) {what}"
        "|(share|rate|percentage) of {part} {rest}|{part} (rate|share|quota)",
        what=subject.phrase,
        said=said,
        part=part,
        rest="",
    )
    measure = Measure(
        "share", ("share",), (), "", thing.table, frozenset([thing.table]), thing.date, "%", False
    )
    subject, question = dated(scene, measure, subject, question, 0.5 if "⟦d" not in drawn.sql else 0.1)
    sql = f"100.0 * SUM(CASE WHEN {drawn.sql} THEN 1 ELSE 0 END) / COUNT(*)"
    query = subject.query.also((), drawn.needs)
    if scene.chance(0.35):
        dimension = scene.dimension(thing.table, thing.date, subject.columns | drawn.columns)
        if dimension:
            question = f"{question} {scene.per(rng.choice(dimension.words))}"
            query = query.also((), dimension.needs)
            query = query.plus(
                select=(*dimension.select, sql),
                group=(dimension.group,),
                order="1" if dimension.is_time else "",
            )
            return Pair(question, scene.render(query), "share_by")
    return Pair(question, scene.render(query.plus(select=(sql,))), "share")


def share_of_sum(scene: Scene) -> Pair:
    """What part of a measure comes from some of its rows."""
    sums = [m for m in scene.catalogue.measures if _is_one_sum(m)]
    if not sums:
        return share(scene)
    measure = scene.pick(sums)
    drawn = scene.condition(measure.base, verb_dates=False)
    if drawn is None:
        return value(scene)
    subject = scene.qualifier(measure, 0)
    words = scene.pick(measure.words)
    said = drawn.after or scene.say(
        "(from|of|with) {b}", b=drawn.instead or f"{drawn.before} {scene.pick(subject.thing.plurals)}"
    )
    question = scene.say(
        "(what share|what percentage|what percent|what proportion|share|percentage|how much|what %"
        "|what part) of (our |the |total |) {words} (comes |came |is |was |) {said}"
        "|{words} {said} as (a |) (share|percentage|percent|%) of (total|all|the total) (|{words})",
        words=words,
        said=said,
    )
    subject, question = dated(scene, measure, subject, question, 0.6)
    inner = measure.sql[4:-1]
    sql = f"100.0 * SUM(CASE WHEN {drawn.sql} THEN {inner} ELSE 0 END) / SUM({inner})"
    return Pair(
        question, scene.render(subject.query.also((), drawn.needs).plus(select=(sql,))), "share_of_sum"
    )


def _is_one_sum(measure: Measure) -> bool:
    sql = measure.sql
    return sql.startswith("SUM(") and sql.endswith(")") and sql.count("SUM(") == 1 and " / " not in sql
