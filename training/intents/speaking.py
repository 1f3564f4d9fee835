"""How people at work put it: a row by its number, 'of these, how many', named values."""

from training.intents.asking import dated
from training.intents.counting import count
from training.intents.scene import Pair, Scene
from training.query import Query
from training.things import Field


def by_number(scene: Scene) -> Pair:
    """One row by its number: 'status of order 48211', 'what was in order 48211, names and quantities'."""
    columns = {table.name: table.by_name for table in scene.catalogue.schema.tables}
    numbered = [
        t
        for t in scene.askable
        if t.key
        and len(t.label) == 1
        and t.label[0].endswith(f".{t.key}")
        and columns[t.table][t.key].is_number
    ]
    if not numbered:
        return count(scene)
    thing = scene.pick(numbered)
    number = scene.rng.randint(2, max(3, scene.catalogue.sizes[thing.table]))
    marker = f"⟦n:{number}⟧"
    noun = scene.pick(thing.nouns)
    ref = scene.say("{noun} {n}|{noun} (number|no|no.|id|#|nr) {n}|{noun} #{n}", noun=noun, n=str(number))
    key = f"{scene.alias(thing.table)}.{thing.key}"
    children = [k for k in scene.catalogue.children(thing.table) if scene.catalogue.routes.up.get(k.table)]
    if children and scene.chance(0.4):
        child_key = scene.pick(children)
        inside = [
            k
            for k in scene.catalogue.routes.up[child_key.table]
            if k.to_table != thing.table and scene.catalogue.things[k.to_table].label
        ]
        numbers = [
            f
            for f in scene.catalogue.fields
            if f.table == child_key.table and f.kind in ("number", "date", "enum")
        ]
        if inside and numbers:
            other = scene.catalogue.things[scene.pick(inside).to_table]
            found = scene.pick(numbers)
            link = f"{scene.alias(child_key.table)}.{child_key.columns[0]}"
            question = scene.say(
                "what (exactly |) (was|is|were) in {ref}(? |, | - |) {others} and {field}"
                "|(which|what) {others} (were|are|was) (in|part of) {ref}(,|) (and |with |) {field}"
                "|(list|show) {others} and {field} (of|for|in) {ref}|{others} and {field} for {ref}",
                ref=ref,
                others=scene.pick((*other.plurals, f"{other.nouns[0]} names", f"{other.nouns[0]} name")),
                field=scene.pick(found.words),
            )
            query = Query(child_key.table, (*other.label, found.sql)).also(
                [f"{link} = {marker}"], [other.table]
            )
            return Pair(question, scene.render(query), "by_number")
    reach = scene.catalogue.routes.reachable(thing.table)
    parents = [
        scene.catalogue.things[t] for t in reach if len(reach[t]) == 1 and scene.catalogue.things[t].label
    ]
    if parents and scene.chance(0.3):
        parent = scene.pick(parents)
        question = scene.say(
            "(who|which {p}) (is|was|handles|handled|placed|made|belongs to|got|opened) {ref}"
            "|{p} of {ref}|(which|what) {p} does {ref} belong to|who is the {p} (of|for|behind) {ref}",
            p=scene.pick(parent.nouns),
            ref=ref,
        )
        return Pair(
            question,
            scene.render(Query(thing.table, parent.label).also([f"{key} = {marker}"], [parent.table])),
            "by_number",
        )
    fields = [f for f in scene.catalogue.fields if f.table == thing.table]
    chosen = scene.rng.sample(fields, k=min(len(fields), scene.pick([1, 1, 2, 3])))
    told = " and ".join(scene.pick(f.words) for f in chosen)
    question = scene.say(
        "(what is|what's|show|give me|tell me|) (the |) {told} (of|for) {ref}|{ref} {told}"
        "|{ref}: {told}|{ref}'s {told}",
        told=told,
        ref=ref,
    )
    verbs = [w for c, words in thing.verbs if c == chosen[0].sql for w in words]
    if verbs and len(chosen) == 1:
        question = scene.say(
            "when (was|did|has) {ref} (been |) {done}|when was {ref} {done}",
            ref=ref,
            done=scene.pick(verbs),
        )
    return Pair(
        question,
        scene.render(Query(thing.table, tuple(f.sql for f in chosen)).also([f"{key} = {marker}"])),
        "by_number",
    )


def of_these(scene: Scene) -> Pair:
    """'of this year's delivery tickets, how many ...', 'what share of them': a part of a named set."""
    thing = scene.thing()
    subject = scene.subject(thing, most=1, verb_dates=False)
    drawn = scene.condition(thing.table)
    if (
        drawn is None
        or drawn.instead
        or drawn.sql in subject.query.where
        or (drawn.columns & subject.columns)
    ):
        return count(scene)
    when = scene.when(0.7) if thing.date and "⟦d" not in drawn.sql else None
    query = subject.query.also([when.within(thing.date)] if when else [], drawn.needs)
    done = [w for c, words in thing.verbs if c == thing.date for w in words]
    said = drawn.after or scene.say("(are|were|is|was) {b}", b=drawn.before)
    words = {
        "what": subject.phrase,
        "when": when.text if when else "",
        "said": said,
        "done": scene.pick(done or [""]),
    }
    share = scene.chance(0.45)
    ask = (
        ("(what share|what percentage|what percent|what %|which share|what proportion)")
        if share
        else "how many"
    )
    question = scene.say(
        f"of (all |) (the |our |) {{what}} (that were |that |) {{done}} {{when}}(,|) {ask} (of them |) "
        f"(are |were |have been |) {{said}}|of {{when}} {{what}}(,|) {ask} (are |were |got |) {{said}}"
        f"|{ask} of (the |our |) {{when}} {{what}} (are |were |have |did we |got |) {{said}}",
        **words,
    )
    sql = f"100.0 * SUM(CASE WHEN {drawn.sql} THEN 1 ELSE 0 END) / COUNT(*)" if share else "COUNT(*)"
    query = query if share else query.also([drawn.sql])
    return Pair(question, scene.render(query.plus(select=(sql,))), "of_these")


def several_values(scene: Scene) -> Pair:
    """A measure for three named values: 'average satisfaction for email, chat and phone'."""
    measure = scene.measure()
    fields = [
        f
        for f in scene.catalogue.fields
        if f.table in scene.catalogue.routes.reachable(measure.base)
        and f.kind == "enum"
        and len(f.values) >= 3
    ]
    own: list[Field] = [f for f in fields if f.table == measure.base] or fields
    if not own:
        return count(scene)
    found = scene.pick(own)
    spoken = [(v, w) for v, w in found.values if w]
    if len(spoken) < 3:
        return count(scene)
    chosen = scene.rng.sample(spoken, 3)
    a, b, c = (scene.pick(w) for _, w in chosen)
    values = ", ".join(f"'{v}'" if isinstance(v, str) else str(v) for v, _ in chosen)
    subject = scene.qualifier(measure, 0)
    question = scene.say(
        "{m} (for|of|by|across|via|in|on|from) {a}, {b} and {c}|{a}, {b}(,|) and {c}(:|,| -) {m}"
        "|{m}(:|,) {a} (vs|vs.|,) {b} (vs|vs.|,) {c}|compare {a}, {b} and {c} by {m}",
        m=subject.phrase,
        a=a,
        b=b,
        c=c,
    )
    subject, question = dated(scene, measure, subject, question, 0.5)
    query = subject.query.also([f"{found.sql} IN ({values})"], [found.table])
    return Pair(
        question, scene.render(query.plus(select=(found.sql, measure.sql), group=("1",))), "several_values"
    )
