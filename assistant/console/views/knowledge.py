"""Knowledge: what Quarry knows of the database, and what a question would find in it."""

import streamlit as st

from assistant.console.showing import escaped, frame
from assistant.console.workplace import opened
from assistant.render.sql import readable
from knowledge.glossary import Term
from knowledge.link import Slot


def knowledge_page() -> None:
    """Cards, glossary, rules and examples, each as the team wrote it."""
    st.header("Knowledge", anchor=False)
    if left_out := opened().left_out():
        st.text(left_out)
    found, tables, words, rules, examples = st.tabs(
        ["What a question finds", "Tables", "Glossary", "Rules", "Examples"]
    )
    with found:
        _found()
    with tables:
        for card in opened().cards:
            with st.expander(escaped(card.table)):
                st.text(card.text)
    with words:
        _glossary()
    with rules:
        _rules()
    with examples:
        _examples()


def _found() -> None:
    """What would be retrieved, with how near it is: the first thing to look at when an answer is wrong."""
    question = st.text_input("A question", max_chars=2000)
    if not question.strip():
        st.caption("Type a question to see which tables, terms and examples Quarry would look at.")
        return
    retrieval = opened().retriever.retrieve(question)
    st.text(f"Read as: {retrieval.linked.text}")
    readings = [[slot.name, slot.text, _meaning(slot)] for slot in retrieval.linked.slots]
    readings += [["", hit.text, f"{hit.table}.{hit.column} = {hit.value}"] for hit in retrieval.linked.hits]
    if readings:
        st.dataframe(frame(["slot", "words", "meaning"], readings), hide_index=True, width="stretch")
    near: dict[str, list[tuple[str, float]]] = {
        "Tables": [(card.table, score) for card, score in retrieval.cards],
        "Terms": [(term.term, score) for term, score in retrieval.terms],
        "Examples": [(e.question, score) for e, score in (*retrieval.examples, *retrieval.pairs)],
    }
    for place, (title, rows) in zip(st.columns(len(near)), near.items(), strict=True):
        with place:
            st.caption(title)
            rounded = [[name, round(score, 2)] for name, score in rows]
            st.dataframe(frame(["name", "near"], rounded), hide_index=True, width="stretch")


def _meaning(slot: Slot) -> str:
    return "; ".join(f"{r.table}.{r.column} = {r.value}" for r in slot.readings) or slot.kind


def _glossary() -> None:
    rows = [
        [
            t.term,
            t.meaning,
            ", ".join(t.synonyms),
            next(filter(None, (*t.metric, t.filter, t.column, t.table)), ""),
        ]
        for t in opened().glossary
    ]
    if rows:
        st.dataframe(frame(["term", "meaning", "synonyms", "SQL"], rows), hide_index=True, width="stretch")
    else:
        st.text("No term is written down yet; glossary.yaml holds them.")


def _stands_for(term: Term) -> str:
    return next(filter(None, (*term.metric, term.filter, term.column, term.table)), "")


def _rules() -> None:
    rows = [[rule.rule, rule.says] for rule in opened().rules]
    if rows:
        st.dataframe(frame(["rule", "says"], rows), hide_index=True, width="stretch")
    else:
        st.text("No rule is written down yet; rules.yaml holds them.")


def _examples() -> None:
    held = opened().examples
    if not held:
        st.text(
            "No example is written down yet; examples.yaml holds them, and approved corrections come there."
        )
    for example in held:
        with st.expander(escaped(example.question)):
            told = [example.origin, example.by and f"by {example.by}", example.on and f"on {example.on}"]
            st.caption(escaped(" ".join(part for part in told if part)))
            st.code(readable(example.sql, opened().database.dialect), language="sql", wrap_lines=True)
