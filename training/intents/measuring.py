"""How much, per what, over time, as a share: questions about measures."""

from training.catalogue import Measure
from training.intents.scene import Dimension, Pair, Scene, Subject
from training.phrases import number_phrase
from training.query import Query

_VALUE = (
    "(what is|what was|what's|whats|what were|show|show me|give me|tell me|calculate|how much is|how much was|how high is|how high was|) "
    "(the |our |total |) {what} (|please)"
)
_GROUPED = "(show|show me|what is|what was|give me|break down|split|list|compare|plot|chart|how does|how do|what are|) (the |our |) {what}"


def measured(scene: Scene, measure: Measure, most: int = 2) -> tuple[Subject, str]:
    """The measure with conditions, and how it is asked for: by name, or in one of the glossary's ways of asking."""
    subject = scene.qualifier(measure, most)
    if measure.asks and scene.chance(0.35):
        ask = scene.rng.choice(measure.asks)
        words = next(w for w in measure.words if w in subject.phrase)
        before, _, after = subject.phrase.partition(words)
        return subject, scene.say(
            "{ask} {rest}", ask=ask, rest=f"{_with(before, scene, subject)} {after}".strip()
        )
    return subject, scene.say(_VALUE, what=subject.phrase)


def _with(before: str, scene: Scene, subject: Subject) -> str:
    return f"with {before.strip()} {scene.rng.choice(subject.thing.plurals)}" if before.strip() else ""


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


def value(scene: Scene) -> Pair:
    """One number."""
    measure = scene.measure()
    subject, question = measured(scene, measure)
    subject, question = dated(scene, measure, subject, question, 0.65)
    return Pair(question, scene.render(subject.query.plus(select=(measure.sql,))), "value")


def by(scene: Scene) -> Pair:
    """A measure or a count for each value of a dimension."""
    measure = scene.measure() if scene.chance(0.75) else counted(scene)
    subject, question = measured(scene, measure, most=1)
    dimension = scene.dimension(measure.base, measure.date, subject.columns)
    if dimension is None:
        return value(scene)
    subject, question = dated(scene, measure, subject, question, 0.5)
    words = scene.rng.choice(dimension.words)
    question = scene.say("{q} {per}|{q} {per}|{q} {per}|{per}(:|,|) {q}", q=question, per=scene.per(words))
    query = subject.query.also((), dimension.needs | date_table(scene, measure, dimension))
    if dimension.is_time:
        query = query.plus(select=(*dimension.select, measure.sql), group=(dimension.group,), order="1")
        return Pair(question, scene.render(query), "by_time")
    order = ""
    if scene.chance(0.15):
        question += scene.say(
            "(,|) (highest first|best first|largest first|sorted descending|from high to low|ranked)"
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
    one, two = scene.rng.choice(first.words), scene.rng.choice(second.words)
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


def counted(scene: Scene) -> Measure:
    """The number of rows of a thing, as a measure."""
    thing = scene.rng.choice([t for t in scene.askable if t.date])
    noun = scene.rng.choice(thing.plurals)
    words = tuple(
        scene.say(t, n=noun) for t in ("{n}", "number of {n}", "{n}", "(count of|how many|total) {n}")
    )
    return Measure(
        noun,
        words,
        (f"how many {noun} (did we get|do we have|were there)".split(" (")[0],),
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
    alias = measure.date.split(".")[0]
    return frozenset(t for t, a in scene.catalogue.schema.aliases.items() if a == alias)


def trend(scene: Scene) -> Pair:
    """A measure over time, in time order."""
    measure = scene.measure() if scene.chance(0.7) else counted(scene)
    if not measure.date:
        return by(scene)
    subject, question = measured(scene, measure, most=1)
    subject, question = dated(scene, measure, subject, question, 0.7)
    grain = scene.grain(measure.date, ("day", "week", "month", "quarter", "year"))
    words = scene.rng.choice(grain.words)
    question = scene.say(
        "{q} (by|per|each|for each|every) {g}|{q}(,|) {g} by {g}|{q} over time by {g}|{q} on a {adverb} basis|{adverb} {phrase} {rest}|{q} {adverb}|trend of {q} (by|per) {g}"
        "|(how did|how has|how have) {phrase} (develop|evolve|change|developed) (by|per|from) {g} {rest}",
        q=question, g=words, adverb=scene.adverb(grain), phrase=subject.phrase, rest=tail_of(question, subject.phrase),
    )  # fmt: skip
    query = subject.query.also((), date_table(scene, measure, grain))
    return Pair(
        question,
        scene.render(query.plus(select=(*grain.select, measure.sql), group=("1",), order="1")),
        "trend",
    )


def tail_of(question: str, phrase: str) -> str:
    """What a question says behind its phrase (its dates, mostly)."""
    return question.partition(phrase)[2] if phrase in question else question


def share(scene: Scene) -> Pair:
    """What part of the rows, or of a sum, satisfies a condition: in percent."""
    rng = scene.rng
    thing = scene.thing()
    subject = scene.subject(thing, most=1)
    drawn = scene.conditions.draw(thing.table)
    if drawn is None or drawn.sql in subject.query.where or (drawn.columns & subject.columns):
        return value(scene)
    said = drawn.after or (scene.say("(are|were|is|that are) {b}", b=drawn.before or drawn.instead))
    part = (
        f"{drawn.before} {rng.choice(thing.plurals)}"
        if drawn.before
        else (drawn.instead or f"{rng.choice(thing.plurals)} {drawn.after}")
    )
    head = "(what share|what percentage|what percent|what proportion|which share|what part|share|percentage|what fraction|what %|%|pct)"
    question = scene.say(
        head + " of (our |the |all |) {what} {said}|" + head + " of {part} (among|in|out of) (all |) {what}|{part} as (a |) (share|percentage|%|percent) of (all |) {what}"
        "|(share|rate|percentage) of {part} {rest}|{part} (rate|share|quota)",
        what=subject.phrase, said=said, part=part, rest="",
    )  # fmt: skip
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
    sums = [
        m
        for m in scene.catalogue.measures
        if m.sql.startswith("SUM(")
        and m.sql.endswith(")")
        and m.sql.count("SUM(") == 1
        and " / " not in m.sql
    ]
    if not sums:
        return share(scene)
    measure = scene.rng.choice(sums)
    drawn = scene.conditions.draw(measure.base, verb_dates=False)
    if drawn is None:
        return value(scene)
    subject = scene.qualifier(measure, 0)
    words = scene.rng.choice(measure.words)
    said = drawn.after or scene.say(
        "(from|of|with) {b}", b=drawn.instead or f"{drawn.before} {scene.rng.choice(subject.thing.plurals)}"
    )
    question = scene.say(
        "(what share|what percentage|what percent|what proportion|share|percentage|how much|what %|what part) of (our |the |total |) {words} (comes |came |is |was |) {said}"
        "|{words} {said} as (a |) (share|percentage|percent|%) of (total|all|the total) (|{words})",
        words=words, said=said,
    )  # fmt: skip
    subject, question = dated(scene, measure, subject, question, 0.6)
    inner = measure.sql[4:-1]
    sql = f"100.0 * SUM(CASE WHEN {drawn.sql} THEN {inner} ELSE 0 END) / SUM({inner})"
    return Pair(
        question, scene.render(subject.query.also((), drawn.needs).plus(select=(sql,))), "share_of_sum"
    )


def two_periods(scene: Scene) -> Pair:
    """The same measure in two stretches of time, sometimes with the change in percent."""
    measure = scene.measure() if scene.chance(0.7) else counted(scene)
    if not measure.date:
        return value(scene)
    subject = scene.qualifier(measure, 1)
    one, two = scene.date(), scene.date()
    first, second = (conditional(measure, w.within(measure.date)) for w in (one, two))
    if not first or not second or one == two:
        return by(scene)
    growth = scene.chance(0.4)
    phrase = subject.phrase
    question = scene.say(
        "(compare |) {p} {a} (vs|versus|vs.|compared to|compared with|against|to|and) {b}|{p}(:|,|) {a} (vs|versus|compared to|against) {b}|{p} {a} (and|vs) {b}"
        "|(how does|how did|how do) {p} {a} compare (to|with) {b}|{a} (vs|versus|compared with) {b}(:|,|) {p}|difference in {p} between {a} and {b}",
        p=phrase, a=one.text, b=two.text,
    )  # fmt: skip
    select = [first, second]
    if growth:
        question += scene.say(
            "(, | )(and |with |incl |including |) (growth|the change|growth|change|the difference) (in percent|in %|%|)"
        )
        if scene.chance(0.4):
            question = scene.say(
                "(growth of|growth in|change in|% change in|how much did) {p} (grow |change |increase |) (from|between) {b} (to|and) {a}",
                p=phrase,
                a=one.text,
                b=two.text,
            )
            select = []
        select.append(f"100.0 * ({first} - {second}) / NULLIF({second}, 0)")
    table = date_of(scene, measure)
    return Pair(
        question, scene.render(subject.query.also((), table).plus(select=tuple(select))), "two_periods"
    )


def date_of(scene: Scene, measure: Measure) -> frozenset[str]:
    alias = measure.date.split(".")[0]
    return frozenset(t for t, a in scene.catalogue.schema.aliases.items() if a == alias)


def conditional(measure: Measure, condition: str) -> str:
    """The measure over the rows that satisfy a condition; empty where its form does not allow it."""
    sql = measure.sql
    if sql == "COUNT(*)":
        return f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"
    for function, otherwise in (("SUM(", " ELSE 0"), ("AVG(", ""), ("COUNT(DISTINCT ", "")):
        if sql.startswith(function) and _whole(sql, function):
            inner = sql[len(function) : -1]
            return f"{function}CASE WHEN {condition} THEN {inner}{otherwise} END)"
    return ""


def _whole(sql: str, function: str) -> bool:
    """The opening bracket of the function closes at the very end."""
    depth = 0
    for position, letter in enumerate(sql):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and letter == ")":
            return position == len(sql) - 1
    return False


def groups_compared(scene: Scene) -> Pair:
    """A measure for two or three values of one column: 'app vs web'."""
    measure = scene.measure() if scene.chance(0.7) else counted(scene)
    reach = scene.catalogue.routes.reachable(measure.base)
    fields = [
        f
        for f in scene.catalogue.fields
        if f.table in reach and f.kind in ("enum", "open") and len(reach[f.table]) <= 3
    ]
    if not fields:
        return by(scene)
    found = scene.rng.choice(fields)
    if found.kind == "enum":
        spoken = [(v, w) for v, w in found.values if w]
        if len(spoken) < 2:
            return by(scene)
        (v1, w1), (v2, w2) = scene.rng.sample(spoken, 2)
        a, b = scene.rng.choice(w1), scene.rng.choice(w2)
        values = ", ".join(f"'{v}'" if isinstance(v, str) else str(v) for v in (v1, v2))
    else:
        column = f"{found.table}.{found.column}"
        known = scene.catalogue.open_values[column]
        if len(known) < 2:
            return by(scene)
        a, b = scene.rng.sample(known, 2)
        values = f"⟦v:{column}:{a}⟧, ⟦v:{column}:{b}⟧"
    subject = scene.qualifier(measure, 1)
    subject, question = dated(scene, measure, subject, "", 0.5)
    question = scene.say(
        "(compare |) {p} (of|for|from|in|via|between|on|) {a} (vs|versus|and|vs.|against|compared to|or) {b} {when}|{a} (vs|versus|or|against) {b}(:|,| -|) {p} {when}"
        "|{when} {p} {a} (vs|versus) {b}|(is|are|was|were) {a} (higher|better|more expensive|bigger|faster|slower|pricier) than {b}(?|,|) {p} {when}"
        "|do {a} (have|get|bring|make) more {p} than {b} {when}",
        p=subject.phrase, a=a, b=b, when=question,
    )  # fmt: skip
    query = subject.query.also([f"{found.sql} IN ({values})"], [found.table])
    return Pair(
        question, scene.render(query.plus(select=(found.sql, measure.sql), group=("1",))), "groups_compared"
    )


def flag_split(scene: Scene) -> Pair:
    """A measure split by whether a condition holds: 'business vs private', 'decaf or not'."""
    measure = scene.measure()
    drawn = scene.conditions.draw(measure.base, verb_dates=False)
    if drawn is None or "⟦" in drawn.sql:
        return by(scene)
    said = drawn.instead or drawn.before or drawn.after
    subject = scene.qualifier(measure, 0)
    subject, question = dated(scene, measure, subject, scene.say(_GROUPED, what=subject.phrase), 0.5)
    question = scene.say(
        "{q} (|for |by |split by |of ){s} (vs|versus|and|against|compared to|compared with) (the rest|others|the others|all others|not|everything else|everyone else)|{q} (by whether|depending on whether|split by whether) (they are |it is |) {s} (or not|)",
        q=question, s=said,
    )  # fmt: skip
    flag = f"CASE WHEN {drawn.sql} THEN 'yes' ELSE 'no' END"
    query = subject.query.also((), drawn.needs).plus(select=(flag, measure.sql), group=("1",))
    return Pair(question, scene.render(query), "flag_split")


def average_per(scene: Scene) -> Pair:
    """How many children a parent has on average: 'orders per customer', 'items per order'."""
    links = [k for keys in scene.catalogue.routes.up.values() for k in keys]
    key = scene.rng.choice(links)
    child, parent = scene.catalogue.things[key.table], scene.catalogue.things[key.to_table]
    numbers = [f for f in scene.catalogue.fields if f.table == key.table and f.kind == "number"]
    top, many = "COUNT(*)", scene.rng.choice(child.plurals)
    if numbers and scene.chance(0.4):
        found = scene.rng.choice(numbers)
        top, many = f"SUM({found.sql})", scene.rng.choice(found.words)
    measure = Measure(many, (many,), (), top, key.table, frozenset([key.table]), child.date, "", False)
    subject = scene.qualifier(measure, 1)
    question = scene.say(
        "(average|avg|mean|) (number of |) {p} per {one}|how (many|much) {p} (per|does the average|does an average|does a typical|on average per) {one} (have|place|make|buy|contain|)|{p} per {one} on average"
        "|how (many|much) {p} does (each|a|one|every) {one} (have|make|place|contain|buy|get) on average",
        p=subject.phrase, one=scene.rng.choice(parent.nouns),
    )  # fmt: skip
    subject, question = dated(scene, measure, subject, question, 0.5)
    sql = f"1.0 * {top} / COUNT(DISTINCT {scene.alias(key.table)}.{key.columns[0]})"
    if scene.chance(0.3):
        dimension = scene.dimension(key.table, child.date, subject.columns)
        if dimension:
            question = f"{question} {scene.per(scene.rng.choice(dimension.words))}"
            query = subject.query.also((), dimension.needs | date_table(scene, measure, dimension))
            return Pair(
                question,
                scene.render(query.plus(select=(*dimension.select, sql), group=(dimension.group,))),
                "average_per",
            )
    return Pair(question, scene.render(subject.query.plus(select=(sql,))), "average_per")


def duration(scene: Scene) -> Pair:
    """The days or hours between two dates of one thing: average, longest, by something, or with a limit."""
    options = []
    for thing in scene.askable:
        dates = [f for f in scene.catalogue.fields if f.table == thing.table and f.kind == "date"]
        spoken = {c: w for c, w in thing.verbs}
        dated_fields = [f for f in dates if f.sql in spoken]
        if thing.date and len(dated_fields) >= 2:
            options.append((thing, dated_fields, spoken))
    if not options:
        return value(scene)
    thing, fields, spoken = scene.rng.choice(options)
    starts = [f for f in fields if f.sql == thing.date] or fields[:1]
    start = starts[0]
    end = scene.rng.choice([f for f in fields if f != start])
    hours = scene.chance(0.3)
    gap = f"(JULIANDAY({end.sql}) - JULIANDAY({start.sql}))" + (" * 24" if hours else "")
    unit = "hours" if hours else "days"
    subject = scene.subject(thing, most=1, verb_dates=False)
    a, b = scene.rng.choice(spoken[start.sql]), scene.rng.choice(spoken[end.sql])
    words = dict(
        what=subject.phrase,
        a=a,
        b=b,
        start=scene.rng.choice(start.words),
        end=scene.rng.choice(end.words),
        unit=unit,
    )
    roll = scene.rng.random()
    if roll < 0.25:
        said, marker = number_phrase(scene.rng, [1, 2, 3, 5, 7, 10, 14, 24, 30, 48, 72])
        longer = scene.chance(0.7)
        question = scene.say(
            "(how many|number of|count of) {what} (were |got |that were |) {b} (more than|over|later than|{m}) {n} {unit} after (being |) {a}|(how many|number of) {what} took {m} {n} {unit} (to be|until) {b}|{what} (that |)(took|taking) {m} {n} {unit} (to be|until) {b}",
            m="more than" if longer else "less than", n=said, **words,
        )  # fmt: skip
        if not longer and ("more than" in question or "over" in question or "later" in question):
            longer = True
        query = subject.query.also([f"{gap} {'>' if longer else '<'} {marker}"])
        return Pair(question, scene.render(query.plus(select=("COUNT(*)",))), "duration")
    function, heads = scene.rng.choice(
        [("AVG", "(how long does it take|how long did it take|average time|avg time|how many {unit} does it take|how many {unit} on average|average {unit}|time|mean time|how quickly|how fast|average number of {unit})")] * 4
        + [("MAX", "(longest time|what was the longest|longest it took|maximum time|slowest|the longest we took)"), ("MIN", "(shortest time|fastest|minimum time|quickest)")]
    )  # fmt: skip
    question = scene.say(
        heads + " (between {start} and {end}|from {a} to {b}|between being {a} and {b}|from {start} to {end}|until {b}|to be {b}|to get {b}|for {what} to be {b}|until {what} (are|were|get) {b}) (for {what}|in {unit}|, {what}|for {what} in {unit}|{what}|)",
        **words,
    ).replace("{unit}", unit)  # fmt: skip
    if thing.nouns and not any(p in question for p in [subject.phrase]):
        question = f"{question} {scene.say('(for|of|,) {p}', p=subject.phrase)}"
    if hours and "hour" not in question:
        question += " in hours"
    measure = Measure(
        "time",
        ("time",),
        (),
        f"{function}({gap})",
        thing.table,
        frozenset(),
        thing.date,
        unit,
        False,
    )
    subject, question = dated(scene, measure, subject, question, 0.45)
    if scene.chance(0.4):
        dimension = scene.dimension(thing.table, thing.date, subject.columns)
        if dimension:
            question = f"{question} {scene.per(scene.rng.choice(dimension.words))}"
            query = subject.query.also((), dimension.needs)
            return Pair(
                question,
                scene.render(
                    query.plus(
                        select=(*dimension.select, measure.sql),
                        group=(dimension.group,),
                        order="1" if dimension.is_time else "",
                    )
                ),
                "duration_by",
            )
    return Pair(question, scene.render(subject.query.plus(select=(measure.sql,))), "duration")


def two_measures(scene: Scene) -> Pair:
    """Two measures side by side, mostly by a dimension: 'revenue and number of orders per month'."""
    one = scene.measure()
    others = [m for m in scene.catalogue.measures if m.base == one.base and m.sql != one.sql and m.date == one.date]
    if not others:
        return by(scene)
    two = scene.rng.choice(others)
    first, second = scene.rng.choice(one.words), scene.rng.choice(two.words)
    thing = scene.catalogue.things[one.base]
    both = scene.say("{a} (and|and|,|plus|as well as|vs|compared to) {b}", a=first, b=second)
    subject, question = dated(scene, one, Subject(both, Query(one.base, needs=one.needs | two.needs), thing), scene.say(_VALUE, what=both), 0.5)
    dimension = scene.dimension(one.base, one.date)
    if dimension is None or scene.chance(0.2):
        return Pair(question, scene.render(subject.query.plus(select=(one.sql, two.sql))), "two_measures")
    question = scene.say("{q} {per}|{q} {per}|{per}(:|,|) {q}", q=question, per=scene.per(scene.rng.choice(dimension.words)))
    query = subject.query.also((), dimension.needs | date_table(scene, one, dimension))
    query = query.plus(select=(*dimension.select, one.sql, two.sql), group=(dimension.group,), order="1" if dimension.is_time else "")
    return Pair(question, scene.render(query), "two_measures")


INTENTS = {
    value: 16, by: 16, by_two: 4, trend: 8, share: 7, share_of_sum: 3, two_periods: 5, groups_compared: 5, flag_split: 2,
    average_per: 3, duration: 5, two_measures: 3,
}  # fmt: skip
