"""Conditions on time: what happened when, how long it took, what is going on today."""

from training.conditions.ground import Condition, Ground
from training.english import say
from training.phrases import long_ago, number_phrase


def verb_date(ground: Ground, base: str) -> Condition | None:
    verbs = [(column, words) for column, words in ground.catalogue.things[base].verbs if words]
    if not verbs:
        return None
    column, words = ground.rng.choice(verbs)
    when = long_ago(ground.rng) if ground.rng.random() < 0.15 else ground.date()
    done = ground.rng.choice(words)
    after = say(
        ground.rng,
        "(|that were |which were |who |that |who have |which got |we ) {done} {when}",
        done=done,
        when=when.text,
    )
    return Condition(when.within(column), frozenset(), after=after)


def gap(ground: Ground, base: str) -> Condition | None:
    """How long it took from the thing's date to another of its dates: 'closed within 24 hours'."""
    thing = ground.catalogue.things[base]
    ends = [(c, w) for c, w in thing.verbs if c != thing.date and w]
    if not ends or not thing.date:
        return None
    column, words = ground.rng.choice(ends)
    hours = ground.rng.random() < 0.4
    said, marker = number_phrase(ground.rng, [12, 24, 36, 48, 72] if hours else [1, 2, 3, 5, 7, 10, 14, 30])
    days = f"JULIANDAY({column}) - JULIANDAY({thing.date})"
    span = f"({days}) * 24" if hours else days
    soon = ground.rng.random() < 0.6
    start = [w for c, w in thing.verbs if c == thing.date]
    after = say(
        ground.rng,
        "(that were |we |which got |that |) {done} (within|in under|in less than|in) {n} {unit} "
        "(of being {start}|after being {start}||)"
        "|(that took|taking) (less than|under) {n} {unit} (to be|to get|until) {done}"
        if soon
        else "(that were |we |that |) {done} (after more than|only after|more than|later than|over) {n} "
        "{unit} (after being {start}||)|(that took|taking|which took) (more than|over|longer than) "
        "{n} {unit} (to be|to get|until) {done}",
        done=ground.rng.choice(words),
        n=said,
        start=ground.rng.choice(start[0]) if start else "started",
        unit=ground.rng.choice(["hours", "h", "hrs"]) if hours else "days",
    )
    return Condition(
        f"{span} {'<=' if soon else '>'} {marker}", frozenset(), after=after, columns=frozenset([column])
    )


def running(ground: Ground, base: str) -> Condition | None:
    """Things that have begun and not ended on the day of asking."""
    dates = [f for f in ground.catalogue.fields if f.table == base and f.kind == "date"]
    start = next((f for f in dates if "start" in f.column), None)
    end = next((f for f in dates if "end" in f.column), None)
    if start is None or end is None:
        return None
    sql = f"{start.sql} <= CURRENT_DATE AND {end.sql} >= CURRENT_DATE"
    if ground.rng.random() < 0.4:
        return Condition(
            sql, frozenset(), before=ground.rng.choice(["running", "live", "ongoing", "current", "active"])
        )
    after = say(
        ground.rng,
        "(that are |which are |) (live|running|active|ongoing|on) "
        "(right now|at the moment|now|currently|these days|)",
    )
    return Condition(sql, frozenset(), after=after)
