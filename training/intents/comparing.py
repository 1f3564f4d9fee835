"""One measure twice: in two periods, for two values, where a condition holds and where not."""

from training.intents.asking import counted, dated, tables_of_date
from training.intents.measuring import by, value
from training.intents.scene import Pair, Scene
from training.things import Measure

_GROUPED = (
    "(show|show me|what is|what was|give me|break down|split|list|compare|plot|chart|how does"
    "|how do|what are|) (the |our |) {what}"
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
        "(compare |) {p} {a} (vs|versus|vs.|compared to|compared with|against|to|and) {b}"
        "|{p}(:|,|) {a} (vs|versus|compared to|against) {b}|{p} {a} (and|vs) {b}"
        "|(how does|how did|how do) {p} {a} compare (to|with) {b}"
        "|{a} (vs|versus|compared with) {b}(:|,|) {p}|difference in {p} between {a} and {b}",
        p=phrase,
        a=one.text,
        b=two.text,
    )
    select = [first, second]
    if growth:
        question = scene.say(
            "{q}(,|) (and |with |incl |including |)(growth|the change|growth|change|the difference) "
            "(in percent|in %|%|)",
            q=question,
        )
        if scene.chance(0.4):
            question = scene.say(
                "(growth of|growth in|change in|% change in|how much did) {p} (grow |change |increase |) "
                "(from|between) {b} (to|and) {a}",
                p=phrase,
                a=one.text,
                b=two.text,
            )
            select = []
        select.append(f"100.0 * ({first} - {second}) / NULLIF({second}, 0)")
    table = tables_of_date(scene, measure)
    return Pair(
        question, scene.render(subject.query.also((), table).plus(select=tuple(select))), "two_periods"
    )


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
    found = scene.pick(fields)
    if found.kind == "enum":
        spoken = [(v, w) for v, w in found.values if w]
        if len(spoken) < 2:
            return by(scene)
        (v1, w1), (v2, w2) = scene.rng.sample(spoken, 2)
        a, b = scene.pick(w1), scene.pick(w2)
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
        "(compare |) {p} (of|for|from|in|via|between|on|) {a} "
        "(vs|versus|and|vs.|against|compared to|or) {b} {when}"
        "|{a} (vs|versus|or|against) {b}(:|,| -|) {p} {when}|{when} {p} {a} (vs|versus) {b}"
        "|(is|are|was|were) {a} (higher|better|more expensive|bigger|faster|slower|pricier) than "
        "{b}(?|,|) {p} {when}|do {a} (have|get|bring|make) more {p} than {b} {when}",
        p=subject.phrase,
        a=a,
        b=b,
        when=question,
    )
    query = subject.query.also([f"{found.sql} IN ({values})"], [found.table])
    return Pair(
        question, scene.render(query.plus(select=(found.sql, measure.sql), group=("1",))), "groups_compared"
    )


def flag_split(scene: Scene) -> Pair:
    """A measure split by whether a condition holds: 'business vs private', 'decaf or not'."""
    measure = scene.measure()
    drawn = scene.condition(measure.base, verb_dates=False)
    if drawn is None or "⟦" in drawn.sql:
        return by(scene)
    said = drawn.instead or drawn.before or drawn.after
    subject = scene.qualifier(measure, 0)
    subject, question = dated(scene, measure, subject, scene.say(_GROUPED, what=subject.phrase), 0.5)
    question = scene.say(
        "{q} (|for |by |split by |of ){s} (vs|versus|and|against|compared to|compared with) "
        "(the rest|others|the others|all others|not|everything else|everyone else)"
        "|{q} (by whether|depending on whether|split by whether) (they are |it is |) {s} (or not|)",
        q=question,
        s=said,
    )
    flag = f"CASE WHEN {drawn.sql} THEN 'yes' ELSE 'no' END"
    query = subject.query.also((), drawn.needs).plus(select=(flag, measure.sql), group=("1",))
    return Pair(question, scene.render(query), "flag_split")
