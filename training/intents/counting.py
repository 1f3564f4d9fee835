"""How many, which, and list: questions about rows themselves."""

from training.conditions import child as with_child
from training.conditions import person
from training.intents.scene import Pair, Scene, Subject
from training.intents.wholes import in_all
from training.query import Query
from training.things import Field, Thing

_HOW_MANY = (
    "(how many|number of|count of|count the|count|total number of|what is the number of"
    "|what's the number of|nr of|no. of|# of|give me the number of|tell me how many"
    "|show the count of|total|hw many|how mny) {what} "
    "(|do we have|are there|did we have|have we got|in total|were there|we have|overall|)"
)
_LIST = (
    "(list|show|show me|give me|which|what|find|get|display|who are|list all|show all|all"
    "|all the|pull up|can i see|i need a list of|what are) (the |our |all |) {what} "
    "(|do we have|are there|please|)"
)


def count(scene: Scene) -> Pair:
    """How many rows satisfy some conditions."""
    thing = scene.thing()
    subject = scene.subject(thing, most=3 if scene.chance(0.3) else 2)
    question = in_all(scene, thing.table, scene.say(_HOW_MANY, what=subject.phrase))
    query = subject.query
    when = scene.when(0.45) if thing.date and "⟦d" not in str(query.where) else None
    if when and thing.date:
        query = query.also([when.within(thing.date)])
        verbs = [w for c, words in thing.verbs if c == thing.date for w in words]
        done = scene.pick(verbs) + " " if verbs and scene.chance(0.5) else ""
        question = scene.say("{q} {done}{when}|{when} {q}", q=question, done=done, when=when.text)
    return Pair(question, scene.render(query.plus(select=(thing.counted,))), "count")


def how_many_do(scene: Scene) -> Pair:
    """'how many customers ordered last month': distinct parents of dated children."""
    links = [
        (k, child)
        for child in scene.askable
        if child.date and child.verbs
        for k in scene.catalogue.routes.up.get(child.table, [])
        if scene.catalogue.things[k.to_table].key
    ]
    if not links:
        return count(scene)
    key, child = scene.pick(links)
    parent = scene.catalogue.things[key.to_table]
    column, verbs = scene.pick(child.verbs)
    query = Query(child.table)
    drawn = scene.condition(child.table, verb_dates=False) if scene.chance(0.5) else None
    tail = ""
    if drawn and not drawn.instead:
        query = query.also([drawn.sql], drawn.needs)
        tail = f"{drawn.before} {scene.pick(child.plurals)}" if drawn.before else drawn.after
    elif scene.chance(0.4):
        tail = scene.pick(("something", "anything", "a " + child.nouns[0], *child.plurals))
    when = scene.when(0.7)
    if when:
        query = query.also([when.within(column)])
    fk = f"{scene.alias(child.table)}.{key.columns[0]}"
    told = column != child.date or scene.chance(0.6)
    question = scene.say(
        "(how many|number of|count of|how many different|how many unique|how many distinct) {who} "
        "(who |that |) {verb} {tail} {when}"
        if told
        else "(how many|number of) {who} (have |) (made|placed|had|got|with|have) (a|an|at least one) "
        "{child} {tail} {when}",
        who=scene.pick(parent.plurals),
        verb=scene.pick(verbs),
        tail=tail,
        when=when.text if when else "",
        child=scene.pick(child.nouns),
    )
    return Pair(question, scene.render(query.plus(select=(f"COUNT(DISTINCT {fk})",))), "how_many_do")


def listing(scene: Scene) -> Pair:
    """List the things that satisfy conditions, by their label or number."""
    thing = scene.thing()
    subject = scene.subject(thing, most=2, least=1)
    question = scene.say(_LIST, what=subject.phrase)
    query = subject.query
    when = scene.when(0.25) if thing.date and "⟦d" not in str(query.where) else None
    if when:
        query = query.also([when.within(thing.date)])
        question = f"{question} {when.text}"
    query = query.plus(select=columns_of(scene, thing.table), distinct=thing.repeats)
    return Pair(question, scene.render(query), "list")


def columns_of(scene: Scene, table: str) -> tuple[str, ...]:
    """The columns that name a row: its key when only a number names it, else its label."""
    thing = scene.catalogue.things[table]
    key = f"{scene.alias(table)}.{thing.key}" if thing.key else ""
    if len(thing.label) == 2 and key:
        return (key, *thing.label)
    return thing.label


def list_with(scene: Scene) -> Pair:
    """A list with named columns: 'urgent tickets: id, topic and since when'."""
    thing = scene.thing()
    subject = scene.subject(thing, most=3)
    fields = [
        f
        for f in scene.catalogue.fields
        if f.table == thing.table and f"{f.table}.{f.column}" not in subject.columns
    ]
    if not fields:
        return listing(scene)
    chosen = scene.rng.sample(fields, k=min(len(fields), scene.pick([1, 1, 2, 2, 3])))
    names = [_asked_for(scene, thing, f) for f in chosen]
    if thing.key and scene.chance(0.2):
        names = [f"{scene.pick(thing.nouns)} {scene.pick(('id', 'number', 'no.'))}", *names]
    told = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}{scene.pick((',', ''))} and {names[-1]}"
    base = columns_of(scene, thing.table)
    select = tuple(dict.fromkeys([*base, *(f.sql for f in chosen)]))
    question = scene.say(
        "(list|show|show me|give me|get|all|) {what} (with|and|and their|with their|:|,| -| -) {told}"
        "|(what is|what are|show|give me|list) the {told} (of|for) (all |the |each of the |) {what}"
        "|{told} (of|for) (all |the |our |) {what}",
        what=subject.phrase,
        told=told,
    )
    if subject.columns and scene.chance(0.2):
        question = _without_noun(scene, thing, subject, told)
    return Pair(question, scene.render(subject.query.plus(select=select)), "list_with")


def _without_noun(scene: Scene, thing: Thing, subject: Subject, told: str) -> str:
    """What the conditions make plain is left out: 'VAT rates in the Nordics', 'urgent ones: id and topic'."""
    noun = next((many for many in thing.plurals if many in subject.phrase), "")
    rest = subject.phrase.replace(noun, "", 1).strip() if noun else subject.phrase
    return scene.say(
        "{told} {rest}|(what are|show|list|give me|) the {told} {rest}|{ones}(:| -|,) {told}",
        told=told,
        rest=rest,
        ones=subject.phrase.replace(noun, "ones", 1) if noun else subject.phrase,
    )


def _asked_for(scene: Scene, thing: Thing, field: Field) -> str:
    """A column in a list of what to show: its name, or 'since when' for the day on which a thing began."""
    verbs = [w for column, words in thing.verbs if column == field.sql for w in words]
    if field.kind != "date" or not verbs or scene.chance(0.5):
        return scene.pick(field.words)
    told = scene.say("(when|the date|when it was|when they were|date) {done}", done=scene.pick(verbs))
    return "since when" if field.sql == thing.date and scene.chance(0.4) else told


def distinct(scene: Scene) -> Pair:
    """Which different values a column has, or how many."""
    fields = [f for f in scene.catalogue.fields if f.kind in ("enum", "open")]
    found = scene.pick(fields)
    subject = scene.subject(scene.catalogue.things[found.table], most=1, verb_dates=False)
    words = scene.pick(found.words)
    many = words if words.endswith("s") else words + "s"
    if scene.chance(0.5):
        question = scene.say(
            "(how many|number of|count of) (different|distinct|unique|) {many} "
            "(do|of|for|are there for|among) {what}",
            many=many,
            what=subject.phrase,
        )
        sql = subject.query.plus(select=(f"COUNT(DISTINCT {found.sql})",))
    else:
        question = scene.say(
            "(what|which|list the|show all|what are the|list all) "
            "(different|distinct|unique|possible|) {many} (do|of|for|are there for|exist for|have) "
            "{what}",
            many=many,
            what=subject.phrase,
        )
        sql = subject.query.plus(select=(found.sql,), distinct=True)
    return Pair(question, scene.render(sql), "distinct")


def attribute(scene: Scene) -> Pair:
    """'how much is X', 'when did X start', 'who supplies X': columns of one named row or of its parent."""
    named = [
        t
        for t in scene.catalogue.things.values()
        if t.label and (len(t.label) == 2 or scene.catalogue.open_values.get(_column(t.label[0], t.table)))
    ]
    thing = scene.pick(named)
    if len(thing.label) == 2:
        drawn = person(scene.ground, thing.table, thing.table)
        if drawn is None:
            return listing(scene)
        name = drawn.after.split(" ", 1)[1]
        for head in ("by ", "customer ", "to "):
            name = name.removeprefix(head)
        where = drawn.sql
    else:
        column = _column(thing.label[0], thing.table)
        value = scene.pick(scene.catalogue.open_values[column])
        name = value if scene.chance(0.6) else value.lower()
        where = f"{thing.label[0]} = ⟦v:{column}:{value}⟧"
    query = Query(thing.table).also([where])
    parents = [
        k for k in scene.catalogue.routes.up.get(thing.table, []) if scene.catalogue.things[k.to_table].label
    ]
    if parents and scene.chance(0.35):
        key = scene.pick(parents)
        parent = scene.catalogue.things[key.to_table]
        question = scene.say(
            "(which|what) {noun} (is|does|belongs to|supplies|makes|has|for|delivers|provides) {name} "
            "(belong to|come from|in|from|part of|)"
            "|(who|which {noun}) (supplies|handles|makes|delivers|provides|owns) {name}"
            "|{noun} (of|for) {name}|{name} {noun}|what is the {noun} of {name}"
            "|(in |to |from |)(what|which) {noun} (is|does) (the |)({own} |){name} "
            "(in|located|located in|belong|lie in|come|)"
            "|(what|which) {noun} (has|contains|holds) (the |a |)({own} |){name}"
            "|{noun} (with|that has) (the |){name}"
            "|where (is|can i find|do i find|does one find) (the |)({own} |){name}",
            noun=scene.pick(parent.nouns),
            own=scene.pick(thing.nouns),
            name=name,
        )
        return Pair(
            question,
            scene.render(query.plus(select=parent.label, needs=query.needs | {parent.table})),
            "attribute",
        )
    fields = [f for f in scene.catalogue.fields if f.table == thing.table and f.sql not in thing.label]
    if not fields:
        return listing(scene)
    chosen = scene.rng.sample(fields, k=min(len(fields), scene.pick([1, 1, 1, 2])))
    told = " and ".join(scene.pick(f.words) for f in chosen)
    verbs = [w for c, words in thing.verbs if c == chosen[0].sql for w in words]
    if chosen[0].kind == "date" and len(chosen) == 1:
        question = scene.say(
            "when (did|was|were|has|is) {name} (|been ) {verb}|when was {name} {verb}|{told} of {name}"
            "|what is the {told} of {name}|since when (do we have|is) {name} (|{verb})",
            name=name,
            verb=scene.pick(verbs or [told]),
            told=told,
        )
    else:
        question = scene.say(
            "(what is|what's|whats|show me|tell me|give me|how much is|how high is|) the {told} "
            "(of|for) {name}|{name} {told}|{told} (of|for) {name}|{name}'s {told}"
            "|what {told} does {name} have|how (much|long|big|high|good) is the {told} (of|for|with) "
            "{name}",
            told=told,
            name=name,
        )
    return Pair(question, scene.render(query.plus(select=tuple(f.sql for f in chosen))), "attribute")


def _column(sql: str, table: str) -> str:
    """'orders.name' of 'o.name'."""
    return f"{table}.{sql.partition('.')[2]}"


def absence(scene: Scene) -> Pair:
    """Things that have no, or have some, children: counted or listed."""
    parents = [t for t in scene.askable if scene.catalogue.children(t.table)]
    thing = scene.pick(parents)
    drawn = with_child(scene.ground, thing.table)
    if drawn is None:
        return count(scene)
    query = Query(thing.table).also([drawn.sql])
    subject = scene.subject(thing, most=1)
    query = query.also(subject.query.where, subject.query.needs)
    if scene.chance(0.5):
        question = scene.say(_HOW_MANY, what=f"{subject.phrase} {drawn.after}")
        return Pair(question, scene.render(query.plus(select=("COUNT(*)",))), "absence")
    question = scene.say(
        "(any |are there any |do we have |have we got any |)" if scene.chance(0.15) else _LIST,
        what=f"{subject.phrase} {drawn.after}",
    )
    if subject.phrase not in question:
        question = f"{question} {subject.phrase} {drawn.after}"
    return Pair(question, scene.render(query.plus(select=columns_of(scene, thing.table))), "absence")


def both(scene: Scene) -> Pair:
    """Parents with children of two kinds, or of one kind in one period and not in another."""
    parents = [t for t in scene.askable if scene.catalogue.children(t.table)]
    thing = scene.pick(parents)
    dated = [k for k in scene.catalogue.children(thing.table) if scene.catalogue.things[k.table].date]
    if not dated:
        return absence(scene)
    key = scene.pick(dated)
    child = scene.catalogue.things[key.table]
    one, two = scene.date(), scene.date()
    verbs = [w for _, words in child.verbs[:1] for w in words] or ["had " + child.plurals[0]]
    first = f"EXISTS {scene.catalogue.exists(key, [one.within(child.date)])}"
    second = f"NOT EXISTS {scene.catalogue.exists(key, [two.within(child.date)])}"
    counted = scene.chance(0.5)
    what = scene.say(
        "{who} (who |that |) {verb} {one} but (not|never|did not|nothing) {two}"
        "|{who} with {children} {one} but (none|not|no {children}) {two}",
        who=scene.pick(thing.plurals),
        verb=scene.pick(verbs),
        one=one.text,
        two=two.text,
        children=scene.pick(child.plurals),
    )
    question = scene.say(_HOW_MANY if counted else _LIST, what=what)
    select = ("COUNT(*)",) if counted else columns_of(scene, thing.table)
    return Pair(question, scene.render(Query(thing.table, select).also([first, second])), "both")


def extreme_date(scene: Scene) -> Pair:
    """The first or the last time something happened."""
    thing = scene.pick([t for t in scene.askable if t.verbs])
    column, verbs = scene.pick(thing.verbs)
    subject = scene.subject(thing, most=1, verb_dates=False)
    last = scene.chance(0.65)
    question = scene.say(
        "when (was|did we have|were|is) the {word} (of the |of our |) {what} {verb}"
        "|when (was|were|did) {what} {word} {verb}"
        if column != thing.date or scene.chance(0.5)
        else "when (was|did we have|were|is) the {word} (of the |of our |) {what}"
        "|(date|day) of the {word} (of the |) {what}",
        word=scene.pick(
            ("last", "latest", "most recent", "newest")
            if last
            else ("first", "earliest", "oldest", "very first")
        ),
        what=subject.phrase,
        verb=scene.pick(verbs),
    )
    function = "MAX" if last else "MIN"
    return Pair(question, scene.render(subject.query.plus(select=(f"{function}({column})",))), "extreme_date")
