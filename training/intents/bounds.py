"""Groups with bounds on how many rows they have or how high a figure of theirs is."""

from knowledge.schema import ForeignKey
from training.intents.asking import dated
from training.intents.events import happened, who
from training.intents.scene import Pair, Scene
from training.phrases import number_phrase
from training.things import Measure, Thing


def have_more_than(scene: Scene) -> Pair:
    """'countries where we work with more than one supplier', 'customers who opened 3 or more tickets'."""
    links = [
        (k, t)
        for t in scene.catalogue.things.values()
        for k in scene.catalogue.routes.up.get(t.table, [])
        if scene.catalogue.things[k.to_table].key or scene.catalogue.things[k.to_table].label
    ]
    key, child = scene.pick(links)
    parent = scene.catalogue.things[key.to_table]
    subject = scene.subject(child, most=2, verb_dates=False)
    alias = scene.alias(parent.table)
    named = scene.named(parent) if parent.key and parent.label else None
    group = named.group if named else f"{alias}.{scene.catalogue.schema.by_name[parent.table].primary_key[0]}"
    said, marker = number_phrase(scene.rng, [2, 3, 4, 5, 10, 20, 30, 40, 50, 100])
    if scene.chance(0.25):
        said, marker = "one", "1"
    sign, amount = scene.pick(
        [
            (">", "more than {n}"),
            (">", "over {n}"),
            (">", "more than {n}"),
            (">=", "at least {n}"),
            (">=", "{n} or more"),
            (">=", "{n}+"),
            ("<", "fewer than {n}"),
            ("<", "less than {n}"),
            ("=", "exactly {n}"),
        ]
    )
    if said == "one" and sign in (">=", "<"):
        sign, amount = ">", "more than {n}"
    verbs = [(c, w) for c, w in child.verbs if w]
    when = scene.when(0.4) if child.date else None
    column, words = scene.pick(verbs) if verbs else (child.date, ("have",))
    people = len(parent.label) == 2
    told = (bool(words) and column != child.date) or scene.chance(0.4)
    question = scene.say(
        "{many} {who} (have |) {done} {amount} {what} {when}"
        "|(which|list) {many} {done} {amount} {what} {when}"
        "|{many} with {amount} {what} {done} {when}"
        if told
        else "(in which|which|list the|what|show|) {many} (where |in which |) (do we|we) "
        "(have|work with|see|got|sell|count) {amount} {what} {when}"
        "|(which|what|list the|show me the|) {many} (have|with|hold|having|got|that have|who have) "
        "{amount} {what} {when}",
        many=scene.pick(parent.plurals),
        amount=amount.format(n=said),
        what=_of_link(scene, key, subject.phrase),
        when=when.text if when else "",
        who="who" if people else "that",
        done=scene.pick(words),
    )
    happening = happened(scene, column, when) if told else [when.within(column)] if when else []
    query = subject.query.also(happening if column else [], [parent.table])
    label = parent.label or (f"{alias}.{parent.key}",)
    select = (*label, "COUNT(*)") if scene.chance(0.6) else label
    query = query.plus(select=select, group=(group,), having=f"COUNT(*) {sign} {marker}")
    return Pair(question, scene.render(query), "have_more_than")


def _of_link(scene: Scene, key: ForeignKey, phrase: str) -> str:
    """Rows that tie two things together are called by the other one: 'products in a warehouse', not lines."""
    thing = scene.catalogue.things[key.table]
    others = [k for k in scene.catalogue.routes.up.get(key.table, []) if k.to_table != key.to_table]
    noun = next((plural for plural in thing.plurals if plural in phrase), "")
    if (
        len(others) != 1
        or not noun
        or thing.date.startswith(f"{scene.alias(key.table)}.")
        or scene.chance(0.5)
    ):
        return phrase
    return phrase.replace(noun, scene.pick(scene.catalogue.things[others[0].to_table].plurals), 1)


def two_limits(scene: Scene) -> Pair:
    """Groups under a limit, enough rows: 'agents with an average rating under 3.5, at least 20 ratings'."""
    averages: list[Measure] = [
        m for m in scene.catalogue.measures if m.sql.startswith("AVG(") and m.sql.count("(") == 1
    ]
    if not averages or scene.chance(0.5):
        return two_bounds(scene)
    measure = scene.pick(averages)
    dimension = who(scene, measure.base) or scene.dimension(measure.base)
    if dimension is None:
        return have_more_than(scene)
    low, high = (
        number_phrase(scene.rng, [2, 3, 4, 5, 10, 50, 100, 200]),
        number_phrase(scene.rng, [5, 10, 15, 20, 30, 50, 100]),
    )
    under = scene.chance(0.5)
    column = measure.sql[4:-1]
    one = scene.pick(dimension.words)
    thing: Thing = scene.catalogue.things[measure.base]
    question = scene.say(
        "{many} (whose|with|where) (the |an |) {m} (is |of |) {word} {low}( -|,|;|) (only |) "
        "(those|the ones|) with at least {high} {rows}"
        "|which {many} have (an |a |) {m} {word} {low} and at least {high} {rows}",
        many=one if one.endswith("s") else one + "s",
        m=scene.pick(measure.words),
        word=scene.pick(("under", "below", "less than") if under else ("over", "above", "more than")),
        low=low[0],
        high=high[0],
        rows=scene.pick((*thing.plurals, "ratings", "entries", "of them")),
    )
    subject = scene.qualifier(measure, 0)
    subject, question = dated(scene, measure, subject, question, 0.4)
    having = f"{measure.sql} {'<' if under else '>'} {low[1]} AND COUNT({column}) >= {high[1]}"
    query = subject.query.also((), dimension.needs).plus(
        select=(*dimension.select, measure.sql), group=(dimension.group,), having=having
    )
    return Pair(question, scene.render(query), "two_limits")


def two_bounds(scene: Scene) -> Pair:
    """Groups within a bound on a measure and one on their rows: 'more than 5 orders and under 200 euros'."""
    measure = scene.measure()
    thing = scene.catalogue.things[measure.base]
    dimension = who(scene, measure.base) or scene.dimension(measure.base)
    if dimension is None or not measure.sql.startswith(("SUM(", "AVG(")):
        return have_more_than(scene)
    rows, amount = (
        number_phrase(scene.rng, [2, 3, 5, 10, 20, 50]),
        number_phrase(scene.rng, [3, 4, 10, 50, 100, 500, 1000, 5000]),
    )
    sign, few = scene.pick(
        [(">", "more than"), (">", "over"), (">=", "at least"), ("<", "fewer than"), ("<", "less than")]
    )
    low = scene.chance(0.5)
    one = scene.pick(dimension.words)
    subject = scene.qualifier(measure, 1)
    question = scene.say(
        "(which|what|list|) {many} (with|have|had|that have) {few} {rows} {what} (and|but|and also) "
        "{low} {amount} {m}"
        "|{many} with {low} {amount} {m} (and|but|, but|, and) {few} {rows} {what}"
        "|{many} (where|whose) {m} (is|was) {low} {amount}(,|, and) (with|from) {few} {rows} {what}",
        many=one if one.endswith("s") else one + "s",
        few=few,
        low=scene.pick(("under", "below", "less than") if low else ("over", "above", "more than")),
        rows=rows[0],
        amount=amount[0],
        what=scene.pick(thing.plurals),
        m=subject.phrase,
    )
    subject, question = dated(scene, measure, subject, question, 0.4)
    having = f"COUNT(*) {sign} {rows[1]} AND {measure.sql} {'<' if low else '>'} {amount[1]}"
    query = subject.query.also((), dimension.needs).plus(
        select=(*dimension.select, "COUNT(*)", measure.sql), group=(dimension.group,), having=having
    )
    return Pair(question, scene.render(query), "two_limits")
