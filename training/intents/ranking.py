"""Tops, bottoms, superlatives and thresholds over groups."""

from training.intents.asking import counted, date_table, dated
from training.intents.counting import columns_of
from training.intents.measuring import value
from training.intents.scene import Dimension, Pair, Scene
from training.phrases import number_phrase
from training.things import Thing


def ranked_dimension(scene: Scene, base: str) -> tuple[Dimension, Thing | None] | None:
    """What gets ranked: mostly things with a name, else the values of a column."""
    reach = scene.catalogue.routes.reachable(base)
    things = [
        t
        for t in scene.catalogue.things.values()
        if t.table in reach and t.table != base and t.label and t.key and len(reach[t.table]) <= 3
    ]
    if things and scene.chance(0.7):
        thing = scene.pick(things)
        return scene.named(thing), thing
    found = scene.dimension(base)
    return (found, None) if found else None


_MANY = (
    "(top|best|our top|the top|which|which are the top|what are the top|show me the top"
    "|give me the top|list the top|who are our top|what are our) {n} {what} by {m}"
    "|{n} (best|top|biggest|largest|strongest) {what} by {m}"
    "|(which|what|the) {n} {what} (have|had|with|made|brought|brought in|got|generated) "
    "(the |) (most|highest|biggest|largest|best) {m}"
    "|(the |) {n} {what} with the (most|highest|biggest) {m}"
    "|top {n} {what} (,|for|in terms of|ranked by|-) {m}"
    "|{m} (of|for) (the |our |) top {n} {what}"
)
_FEW = (
    "(bottom|worst|the bottom|our worst|weakest) {n} {what} by {m}"
    "|(which|what|the) {n} {what} (have|had|with|made|brought|got) (the |) "
    "(least|lowest|fewest|smallest|worst) {m}|{n} {what} with the (lowest|fewest|least) {m}"
)
_ONE = (
    "(which|what) {one} (has|had|made|brought in|brought|got|generated|gets|sees|saw|shows) "
    "(the |) (most|highest|biggest|largest|best) {m}"
    "|{one} with the (most|highest|biggest|largest|best) {m}"
    "|(what|which) is (our|the) (best|top|biggest) {one} by {m}"
    "|(top|best|number one|biggest) {one} by {m}|who (has|had|made) the (most|highest) {m}"
)
_LEAST = (
    "(which|what) {one} (has|had|made|brought in|got) (the |) "
    "(least|lowest|smallest|fewest|worst) {m}"
    "|{one} with the (lowest|least|fewest|smallest|worst) {m}"
)
_DO = (
    "(which|what|who are the|the|top) {n} {what} "
    "(|that |who )(sold|sell|were bought|were sold|ordered|order|spent|spend|bought|brought in"
    "|bring in|used) (the |) (most|best|most often|more)"
    "|(best|top) (selling|performing) {n} {what}"
    "|{n} (best selling|top selling|best|biggest|most popular|most important) {what}"
    "|{n} biggest {what}|most (popular|active|valuable) {n} {what}"
)


def top(scene: Scene) -> Pair:
    """The first or last few of a dimension by a measure or a count."""
    measure = scene.measure() if scene.chance(0.65) else counted(scene)
    drawn = ranked_dimension(scene, measure.base)
    if drawn is None:
        return value(scene)
    dimension, thing = drawn
    subject = scene.qualifier(measure, 2)
    one = scene.pick(dimension.words)
    what = scene.pick(thing.plurals) if thing else (one if one.endswith("s") else one + "s")
    worst, single = scene.chance(0.2), scene.chance(0.3)
    said, marker = (
        ("", "1") if single else number_phrase(scene.rng, [3, 5, 10, 2, 4, 6, 7, 8, 15, 20, 5, 10, 5, 10, 3])
    )
    template = (_LEAST if worst else _ONE) if single else (_FEW if worst else _MANY)
    loved = not worst and not single and measure.name in POPULAR and scene.chance(0.3)
    question = scene.say(_DO if loved else template, n=said, what=what, one=one, m=subject.phrase)
    if loved and subject.phrase not in measure.words:
        question = f"{question} {subject.phrase}"
    subject, question = dated(scene, measure, subject, question, 0.5)
    question = _with_figures(scene, question, one, scene.pick(measure.words))
    needs = dimension.needs | date_table(scene, measure, dimension)
    order = f"{len(dimension.select) + 1} {'ASC' if worst else 'DESC'}"
    query = subject.query.also((), needs).plus(
        select=(*dimension.select, measure.sql), group=(dimension.group,), order=order, limit=marker
    )
    return Pair(question, scene.render(query), "top")


def _with_figures(scene: Scene, question: str, one: str, measure: str) -> str:
    """Now and then with what to show: who it is, and how much it was."""
    if not scene.chance(0.1):
        return question
    return scene.say(
        "{q}(?|,| -|;) (|show |give me )(name|the name|{one}) and (how many|how much|{m}|the {m}|number)"
        "|{q}(,|) (with|and) the (numbers|figures|{m} of each|{m})",
        q=question,
        one=one,
        m=measure,
    )


POPULAR = {"revenue", "units sold", "orders", "order count", "number of orders"}


def top_rows(scene: Scene) -> Pair:
    """Rows ordered by a column of their own: 'most expensive products', 'oldest open tickets'."""
    fields = [
        f
        for f in scene.catalogue.fields
        if f.kind in ("number", "date") and scene.catalogue.things[f.table] in scene.askable
    ]
    found = scene.pick(fields)
    thing = scene.catalogue.things[found.table]
    subject = scene.subject(thing, most=2, verb_dates=False)
    descending = scene.chance(0.65)
    single = scene.chance(0.3)
    said, marker = ("", "1") if single else number_phrase(scene.rng, [3, 5, 10, 2, 4, 7, 15, 20])
    name = scene.pick(found.words)
    if found.kind == "date":
        word = scene.pick(
            ("latest", "newest", "most recent", "last")
            if descending
            else ("oldest", "first", "earliest", "longest waiting")
        )
        question = scene.say(
            "(show|list|give me|what are|which are|the|) (the |our |) {n} {w} {what}|(the |) {w} {n} {what}",
            n=said,
            w=word,
            what=subject.phrase,
        )
        if found.sql != thing.date:
            question = scene.say("{q} by {name}", q=question, name=name)
    else:
        word = scene.pick(
            ("highest", "biggest", "largest", "most", "longest", "top")
            if descending
            else ("lowest", "smallest", "least", "shortest", "cheapest")
        )
        question = scene.say(
            "(which|what|the|show|list|) {n} {what} (with|have|has|having) the {w} {name}"
            "|{n} {what} (by|with) {w} {name}|{n} {w} {name} {what}|top {n} {what} by {name}"
            if descending
            else "(which|what|the|show|list|) {n} {what} (with|have|has|having) the {w} {name}"
            "|{n} {what} (by|with) {w} {name}|bottom {n} {what} by {name}",
            n=said,
            w=word,
            what=subject.phrase,
            name=name,
        )
    select = tuple(dict.fromkeys([*columns_of(scene, thing.table), found.sql]))
    query = subject.query.plus(
        select=select, order=f"{found.sql} {'DESC' if descending else 'ASC'}", limit=marker
    )
    if found.nullable:
        query = query.also([f"{found.sql} IS NOT NULL"])
    return Pair(question, scene.render(query), "top_rows")


def having(scene: Scene) -> Pair:
    """Groups whose measure is over or under a number: listed, or counted."""
    measure = scene.measure() if scene.chance(0.5) else counted(scene)
    drawn = ranked_dimension(scene, measure.base)
    if drawn is None:
        return value(scene)
    dimension, thing = drawn
    subject = scene.qualifier(measure, 2)
    numbers = (
        [2, 3, 5, 10, 20, 50, 100, 1000]
        if measure.is_count
        else [3, 4, 10, 50, 100, 500, 1000, 5000, 10000, 20000, 50000]
    )
    said, marker = number_phrase(scene.rng, numbers)
    if measure.is_count and scene.chance(0.2):
        said, marker = "one", "1"
    sign, words = scene.pick(
        [(">", "(more than|over|above|exceeding|greater than)")] * 4
        + [(">=", "(at least|{n} or more|minimum|no less than)")] * 2
        + [("<", "(less than|fewer than|under|below)")] * 2
        + [("<=", "(at most|no more than|up to)"), ("=", "(exactly|precisely)")]
    )
    word = scene.say(words, n=said)
    amount = word if said in word.split() else f"{word} {said}"
    what = scene.pick(thing.plurals) if thing else scene.pick(dimension.words) + "s"
    question = scene.say(
        "(which |what |list |show |show me |list all |) {what} "
        "(with|have|had|having|that have|who have|made|got|placed|with a total of) {amount} {m}"
        "|{what} (with|where|whose) {m} (is |was |of |) {amount}|{what} with {amount} {m}"
        "|{what} that made us {amount} {m}",
        what=what,
        amount=amount,
        m=subject.phrase,
    )
    subject, question = dated(scene, measure, subject, question, 0.45)
    query = subject.query.also((), dimension.needs)
    select = dimension.select if scene.chance(0.3) else (*dimension.select, measure.sql)
    query = query.plus(select=select, group=(dimension.group,), having=f"{measure.sql} {sign} {marker}")
    sql = scene.render(query)
    if scene.chance(0.2):
        question = scene.say(
            "how many {rest}|number of {rest}",
            rest=question.removeprefix("which ")
            .removeprefix("what ")
            .removeprefix("list ")
            .removeprefix("show "),
        )
        sql = f"SELECT COUNT(*) FROM ({scene.render(query.plus(select=(dimension.select[0],)))}) g"
    return Pair(question, sql, "having")


def best_of_each(scene: Scene) -> Pair:
    """The best of one dimension within each value of another."""
    measure = scene.measure() if scene.chance(0.7) else counted(scene)
    outer = scene.dimension(measure.base, measure.date)
    drawn = ranked_dimension(scene, measure.base)
    if outer is None or drawn is None or len(outer.select) != 1:
        return top(scene)
    inner, thing = drawn
    if inner.select == outer.select or len(inner.select) > 1:
        return top(scene)
    subject = scene.qualifier(measure, 1)
    many = scene.chance(0.35)
    said, marker = number_phrase(scene.rng, [2, 3, 5, 10]) if many else ("", "1")
    one = scene.pick(inner.words)
    question = scene.say(
        "(top|best|which are the top|show the top) {n} {what} by {m} (in|per|for|within) "
        "(each|every) {out}|(the |) {n} (best|top) {what} (in|per|of) each {out} by {m}"
        if many
        else "(which|what) {one} (has|had|made|is) the (most|highest|biggest|best) {m} (in|per|for) "
        "each {out}|(best|top|number one) {one} (by {m} |) (in|per|for|of) (each|every) {out} by "
        "{m}",
        n=said,
        what=scene.pick(thing.plurals) if thing else one + "s",
        one=one,
        m=subject.phrase,
        out=scene.pick(outer.words),
    )
    subject, question = dated(scene, measure, subject, question, 0.5)
    needs = outer.needs | inner.needs | date_table(scene, measure, outer)
    rank = f"ROW_NUMBER() OVER (PARTITION BY {outer.select[0]} ORDER BY {measure.sql} DESC)"
    select = (f"{outer.select[0]} AS a", f"{inner.select[0]} AS b", f"{measure.sql} AS m", f"{rank} AS r")
    query = subject.query.also((), needs).plus(select=select, group=("1", "2"))
    return Pair(
        question, f"SELECT a, b, m FROM ({scene.render(query)}) g WHERE r <= {marker}", "best_of_each"
    )


def above_average(scene: Scene) -> Pair:
    """Rows whose number is above the average of all."""
    found = scene.pick([f for f in scene.catalogue.fields if f.kind == "number"])
    thing = scene.catalogue.things[found.table]
    subject = scene.subject(thing, most=1, verb_dates=False)
    higher = scene.chance(0.7)
    question = scene.say(
        "(which|list|show|how many|) {what} (are|have a|with a|with|cost|that have a) (|an ){word} "
        "(the |) average {name}|{what} with {name} {word} (the |) average",
        what=subject.phrase,
        name=scene.pick(found.words),
        word="above" if higher else "below",
    )
    sub = f"(SELECT AVG({found.sql}) FROM {found.table} {scene.alias(found.table)})"
    query = subject.query.also([f"{found.sql} {'>' if higher else '<'} {sub}"])
    counting = question.startswith("how many")
    select = ("COUNT(*)",) if counting else tuple(dict.fromkeys([*columns_of(scene, thing.table), found.sql]))
    return Pair(question, scene.render(query.plus(select=select)), "above_average")
