"""How long things take."""

from training.intents.asking import dated
from training.intents.measuring import value
from training.intents.scene import Pair, Scene
from training.phrases import number_phrase
from training.things import Measure


def duration(scene: Scene) -> Pair:
    """The days or hours between two dates of one thing: average, longest, by something, or with a limit."""
    options = []
    for thing in scene.askable:
        dates = [f for f in scene.catalogue.fields if f.table == thing.table and f.kind == "date"]
        spoken = dict(thing.verbs)
        dated_fields = [f for f in dates if f.sql in spoken]
        if thing.date and len(dated_fields) >= 2:
            options.append((thing, dated_fields, spoken))
    if not options:
        return value(scene)
    thing, fields, spoken = scene.pick(options)
    starts = [f for f in fields if f.sql == thing.date] or fields[:1]
    start = starts[0]
    end = scene.pick([f for f in fields if f != start])
    hours = scene.chance(0.3)
    gap = f"(JULIANDAY({end.sql}) - JULIANDAY({start.sql}))" + (" * 24" if hours else "")
    unit = "hours" if hours else "days"
    subject = scene.subject(thing, most=1, verb_dates=False)
    a, b = scene.pick(spoken[start.sql]), scene.pick(spoken[end.sql])
    words = {
        "what": subject.phrase,
        "a": a,
        "b": b,
        "start": scene.pick(start.words),
        "end": scene.pick(end.words),
        "unit": unit,
    }
    roll = scene.rng.random()
    if roll < 0.25:
        said, marker = number_phrase(scene.rng, [1, 2, 3, 5, 7, 10, 14, 24, 30, 48, 72])
        longer = scene.chance(0.7)
        question = scene.say(
            "(how many|number of|count of) {what} (were |got |that were |) {b} "
            "(more than|over|later than|{m}) {n} {unit} after (being |) {a}"
            "|(how many|number of) {what} took {m} {n} {unit} (to be|until) {b}"
            "|{what} (that |)(took|taking) {m} {n} {unit} (to be|until) {b}",
            m="more than" if longer else "less than",
            n=said,
            **words,
        )
        if not longer and ("more than" in question or "over" in question or "later" in question):
            longer = True
        query = subject.query.also([f"{gap} {'>' if longer else '<'} {marker}"])
        return Pair(question, scene.render(query.plus(select=("COUNT(*)",))), "duration")
    function, heads = scene.pick(
        [
            (
                "AVG",
                "(how long does it take|how long did it take|average time|avg time"
                "|how many {unit} does it take|how many {unit} on average|average {unit}|time|mean time"
                "|how quickly|how fast|average number of {unit})",
            )
        ]
        * 4
        + [
            (
                "MAX",
                "(longest time|what was the longest|longest it took|maximum time|slowest"
                "|the longest we took)",
            ),
            ("MIN", "(shortest time|fastest|minimum time|quickest)"),
        ]
    )
    question = scene.say(
        heads + " (between {start} and {end}|from {a} to {b}|between being {a} and {b}"
        "|from {start} to {end}|until {b}|to be {b}|to get {b}|for {what} to be {b}"
        "|until {what} (are|were|get) {b}) "
        "(for {what}|in {unit}|, {what}|for {what} in {unit}|{what}|)",
        **words,
    ).replace("{unit}", unit)
    if subject.phrase not in question:
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
            question = f"{question} {scene.per(scene.pick(dimension.words))}"
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


def per_parent_date(scene: Scene) -> Pair:
    """The average time from a parent's date to its first child: 'from joining to the first order'."""
    links = [
        (k, t)
        for t in scene.askable
        if t.date
        for k in scene.catalogue.children(t.table)
        if scene.catalogue.things[k.table].date
    ]
    if not links:
        return value(scene)
    key, parent = scene.pick(links)
    child = scene.catalogue.things[key.table]
    a, p = scene.alias(key.table), scene.alias(parent.table)
    verbs = [w for c, words in parent.verbs if c == parent.date for w in words] or ["started"]
    question = scene.say(
        "(how long|how many days|average days|average time|time) (does it take|until|) "
        "(from|between|for {who} from) (being |) {done} (to|and|until) (the |their |) first "
        "{child} (on average|)|(average |)(time|days) (to|until|till) (the |) first {child} "
        "(after (having |) {done}|for {who}|)",
        who=scene.pick(parent.plurals),
        done=scene.pick(verbs),
        child=scene.pick(child.nouns),
    )
    first = f"(SELECT {a}.{key.columns[0]} AS k, MIN({child.date}) AS f FROM {key.table} {a} GROUP BY 1)"
    join = f"JOIN {first} x ON x.k = {p}.{key.to_columns[0]}"
    sql = f"AVG(JULIANDAY(x.f) - JULIANDAY({parent.date}))"
    subject = scene.subject(parent, most=1)
    if subject.query.where:
        question = scene.say(
            "{q} (for|of|-|, only|, counting) {p}|for {p}(:|,|) {q}", q=question, p=subject.phrase
        )
    query = subject.query.plus(select=(sql,), extra_joins=(join,))
    if scene.chance(0.5):
        dimension = scene.dimension(parent.table)
        if dimension and dimension.needs <= {parent.table}:
            question = f"{question} {scene.per(scene.pick(dimension.words))}"
            query = query.plus(select=(*dimension.select, sql), group=(dimension.group,))
    return Pair(question, scene.render(query), "per_parent_date")
