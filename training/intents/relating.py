"""Self-references (managers, referrals, parents), many-to-many links, and things related to two others."""

from knowledge.schema import ForeignKey
from training.conditions import enum_value, open_value
from training.intents.asking import dated
from training.intents.counting import columns_of, count
from training.intents.ranking import top
from training.intents.scene import Pair, Scene
from training.phrases import number_phrase
from training.query import Query


def self_reference(scene: Scene) -> Pair:
    """Who a row points to within its own table, who points to it, and how many do."""
    keys = [k for k in scene.catalogue.schema.foreign_keys if k.table == k.to_table]
    if not keys:
        return count(scene)
    key = scene.pick(keys)
    thing = scene.catalogue.things[key.table]
    alias = scene.alias(key.table)
    upper = alias + "2"
    link = f"JOIN {key.table} {upper} ON {upper}.{key.to_columns[0]} = {alias}.{key.columns[0]}"
    words = scene.catalogue.link_words(key)
    above = scene.pick(words.above)
    below = scene.pick(words.below)
    roll = scene.rng.random()
    label_up = tuple(c.replace(alias + ".", upper + ".") for c in thing.label)
    if roll < 0.3:
        return _one_row(scene, key, above, below, label_up, link)
    if roll < 0.65:
        single = scene.chance(0.3)
        said, marker = ("", "1") if single else number_phrase(scene.rng, [3, 5, 10])
        question = scene.say(
            "(which|what) {one} has the most {below}|who has the (most|largest number of) {below}"
            "|who (referred|manages|has) the most {below}"
            if single
            else "top {n} {what} by (number of |) {below}"
            "|(who are the|which are the|the) {n} {what} with the most {below}"
            "|{n} {what} with most {below}",
            n=said,
            one=scene.pick((*thing.nouns, above)),
            what=scene.pick((*thing.plurals, above + "s")),
            below=below,
        )
        grouped = f"{upper}.{key.to_columns[0]}" if len(label_up) > 1 else "1"
        query = Query(
            key.table,
            (*label_up, "COUNT(*)"),
            extra_joins=(link,),
            group=(grouped,),
            order=f"{len(label_up) + 1} DESC",
            limit=marker,
        )
        if scene.chance(0.3):
            question = scene.say(
                "(how many|number of) {below} (per|by|for each|does each) {above} (have|)"
                "|{below} per {above}",
                below=below,
                above=above,
            )
            query = query.plus(order="", limit="")
        elif scene.chance(0.3):
            said, marker = number_phrase(scene.rng, [2, 3, 5, 10])
            question = scene.say(
                "(which|what|) {what} (have|has|with) (more than|over) {n} {below}",
                what=scene.pick(thing.plurals),
                n=said,
                below=below,
            )
            query = query.plus(order="", limit="", having=f"COUNT(*) > {marker}")
        return Pair(question, scene.render(query), "self_reference")
    drawn = enum_value(scene.ground, key.table) or open_value(scene.ground, key.table)
    if drawn is None or drawn.needs != frozenset([key.table]):
        return count(scene)
    sql = drawn.sql.replace(alias + ".", upper + ".")
    said = f"a {drawn.before} {above}" if drawn.before else f"a {above} {drawn.after}"
    question = scene.say(
        "(how many|number of) {what} (have|with|were {done} by|belong to|under|come from) {said}"
        "|(how many|number of) {below} of {said}",
        what=scene.pick(thing.plurals),
        said=said,
        below=below,
        done=scene.pick(words.done),
    )
    return Pair(
        question,
        scene.render(Query(key.table, ("COUNT(*)",), extra_joins=(link,)).also([sql])),
        "self_reference",
    )


def _one_row(
    scene: Scene, key: ForeignKey, above: str, below: str, label_up: tuple[str, ...], link: str
) -> Pair:
    thing = scene.catalogue.things[key.table]
    alias = scene.alias(key.table)
    upper = alias + "2"
    column, name = scene.catalogue.some_name(key.table, scene.rng)
    if not name:
        return count(scene)
    marker = f"⟦v:{column}:{name}⟧"
    said = name if scene.chance(0.6) else name.lower()
    own = thing.label[0] if len(thing.label) == 1 else " || ' ' || ".join(thing.label)
    theirs = own.replace(alias + ".", upper + ".")
    words = scene.catalogue.link_words(key)
    if scene.chance(0.45):
        question = scene.say(
            "who (is|was) {n}'s {up}|who (does|did) {n} {do}|{up} of {n}|who is the {up} of {n}"
            "|{n} {up}|who {done} {n}|what is the {up} of {n}",
            n=said,
            up=above,
            do=scene.pick(words.do),
            done=scene.pick(words.done),
        )
        return Pair(
            question,
            scene.render(Query(key.table, label_up, extra_joins=(link,)).also([f"{own} = {marker}"])),
            "self_reference",
        )
    counted = scene.chance(0.4)
    question = scene.say(
        "how many {below} does {n} have|how many {below} (are there |)(under|in|of|for) {n}"
        "|number of {below} of {n}"
        if counted
        else "(which|list|show|who are the|what are the|) {below} (of|in|under|for|does) {n}"
        "|who (reports to|works for|works under) {n}|{n}'s {below}",
        below=below,
        n=said,
    )
    select = ("COUNT(*)",) if counted else thing.label
    return Pair(
        question,
        scene.render(Query(key.table, select, extra_joins=(link,)).also([f"{theirs} = {marker}"])),
        "self_reference",
    )


def linked_many(scene: Scene) -> Pair:
    """Through a many-to-many table: things with a tag, with two, with one of two; measures per tag."""
    bridges = scene.catalogue.bridges()
    if not bridges:
        return count(scene)
    near, far = scene.pick(bridges)
    thing, tag = scene.catalogue.things[near.to_table], scene.catalogue.things[far.to_table]
    bridge, own, other = scene.alias(near.table), scene.alias(thing.table), scene.alias(tag.table)
    tag_column = f"{tag.table}.{tag.label[0].partition('.')[2]}"
    names = scene.catalogue.names_of(tag_column)
    if not names:
        return count(scene)
    (stored, name), (stored2, name2) = (scene.pick(names) for _ in range(2))
    inside = (
        f"SELECT {bridge}.{near.columns[0]} FROM {near.table} {bridge} JOIN {far.to_table} {other} "
        f"ON {other}.{far.to_columns[0]} = {bridge}.{far.columns[0]} WHERE {tag.label[0]} = "
    )
    has = f"{own}.{near.to_columns[0]} IN ({inside}{stored})"
    words = {
        "t": name,
        "t2": name2,
        "tag": scene.pick(tag.nouns),
        "what": scene.pick(thing.plurals),
    }
    roll = scene.rng.random()
    if roll < 0.35:
        subject = scene.subject(thing, most=1)
        words["what"] = subject.phrase
        counted = scene.chance(0.5)
        negative = scene.chance(0.15)
        condition = has.replace(" IN (", " NOT IN (", 1) if negative else has
        phrase = scene.say(
            "{what} (that are|which are|) not {t}|{what} without (the |) {t} (tag|{tag})|non-{t} {what}"
            if negative
            else "{what} (with the|tagged|tagged as|with {tag}|that are|labelled|marked as|with a|in) {t} "
            "(|{tag})|{t} {what}",
            **words,
        )
        question = scene.say(
            "(how many|number of|count of) {p} (|do we have|do we sell|are there)"
            if counted
            else "(which|list|show|what|show me|) {p} (|do we have|do we sell)",
            p=phrase,
        )
        select = ("COUNT(*)",) if counted else columns_of(scene, thing.table)
        return Pair(
            question, scene.render(subject.query.also([condition]).plus(select=select)), "linked_many"
        )
    if roll < 0.5 and name != name2:
        counted = scene.chance(0.4)
        negative = scene.chance(0.25)
        second = f"{own}.{near.to_columns[0]} {'NOT ' if negative else ''}IN ({inside}{stored2})"
        phrase = scene.say(
            "{what} (that are|tagged|which are|) {t} but not {t2}|{t} {what} that are not {t2}"
            if negative
            else "{what} (that are|tagged|which are|with|) (both |) {t} and {t2}"
            "|{what} that are {t} as well as {t2}|{t} and also {t2} {what}",
            **words,
        )
        question = scene.say(
            "(how many|number of) {p} (|do we have)"
            if counted
            else "(which|list|show|what|what do we sell that is|) {p}",
            p=phrase,
        )
        select = ("COUNT(*)",) if counted else columns_of(scene, thing.table)
        return Pair(question, scene.render(Query(thing.table, select).also([has, second])), "linked_many")
    measures = [
        m for m in scene.catalogue.measures if thing.table in scene.catalogue.routes.reachable(m.base)
    ]
    if not measures:
        return count(scene)
    measure = scene.pick(measures)
    if roll < 0.75:
        subject = scene.qualifier(measure, 0)
        question = scene.say(
            "(what is|what was|show|) {p} (of|from|for|with|on) {what} "
            "(tagged|tagged as|with the {tag}|with {tag}|that are|labelled) {t}"
            "|{p} (of|from|for) {t} {what}|how much {p} did {t} {what} (bring|make|get)",
            p=subject.phrase,
            **words,
        )
        subject, question = dated(scene, measure, subject, question, 0.6)
        return Pair(
            question,
            scene.render(subject.query.also([has], [thing.table]).plus(select=(measure.sql,))),
            "linked_many",
        )
    joins = (
        f"JOIN {near.table} {bridge} ON {bridge}.{near.columns[0]} = {own}.{near.to_columns[0]}",
        f"JOIN {far.to_table} {other} ON {other}.{far.to_columns[0]} = {bridge}.{far.columns[0]}",
    )
    subject = scene.qualifier(measure, 0)
    if scene.chance(0.5):
        query = Query(thing.table, (tag.label[0], "COUNT(*)"), extra_joins=joins, group=("1",))
        question = scene.say(
            "(how many|number of|count) {what} (per|by|for each|do we have per|in each) {tag}"
            "|{what} per {tag}",
            **words,
        )
        if scene.chance(0.4):
            said, marker = number_phrase(scene.rng, [3, 5, 10])
            question = scene.say(
                "(top|the|which) {n} {tags} (by number of|with the most|by) {what}"
                "|most (used|common|popular) {n} {tags}",
                n=said,
                tags=scene.pick(tag.plurals),
                what=words["what"],
            )
            query = query.plus(order="2 DESC", limit=marker)
        return Pair(question, scene.render(query), "linked_many")
    question = scene.say("{p} (by|per|for each|split by) {tag}", p=subject.phrase, **words)
    subject, question = dated(scene, measure, subject, question, 0.5)
    query = subject.query.also((), [thing.table]).plus(
        select=(tag.label[0], measure.sql), extra_joins=joins, group=("1",)
    )
    if scene.chance(0.35):
        said, marker = number_phrase(scene.rng, [3, 5, 10])
        question = scene.say(
            "(top|best|which are the top) {n} {tags} by {q}",
            n=said,
            tags=scene.pick(tag.plurals),
            q=question.replace(words["tag"], "").strip(),
        )
        query = query.plus(order="2 DESC", limit=marker)
    return Pair(question, scene.render(query), "linked_many")


def related_rows(scene: Scene) -> Pair:
    """Rows that belong to one named thing: 'everything Zoë Müller ordered', 'orders of Hamburg Harbour'."""
    keys = [
        k
        for keys in scene.catalogue.routes.up.values()
        for k in keys
        if scene.catalogue.things[k.to_table].label
    ]
    key = scene.pick(keys)
    column, name = scene.catalogue.some_name(key.to_table, scene.rng)
    if not name:
        return top(scene)
    parent, child = scene.catalogue.things[key.to_table], scene.catalogue.things[key.table]
    own = parent.label[0] if len(parent.label) == 1 else " || ' ' || ".join(parent.label)
    query = Query(key.table).also([f"{own} = ⟦v:{column}:{name}⟧"], [key.to_table])
    verbs = [w for _, words in child.verbs[:1] for w in words] or ["has"]
    said = name if scene.chance(0.6) else name.lower()
    fields = [f for f in scene.catalogue.fields if f.table == key.table]
    chosen = scene.rng.sample(fields, k=min(len(fields), scene.pick([0, 1, 2, 3])))
    told = ", ".join(scene.pick(f.words) for f in chosen)
    question = scene.say(
        "(all|list all|show|show me|list|what|which|every|) {what} (of|for|by|from|did|with) {n} "
        "(|{verb})|(everything|what) {n} {verb}|{n}'s {what}|what (has|did) {n} {verb}",
        what=scene.pick(child.plurals),
        n=said,
        verb=scene.pick(verbs),
    )
    if told:
        question = scene.say("{q} (with|:|,|and their|-) {told}", q=question, told=told)
    select = tuple(dict.fromkeys([*columns_of(scene, key.table), *(f.sql for f in chosen)]))
    return Pair(question, scene.render(query.plus(select=select)), "related_rows")
