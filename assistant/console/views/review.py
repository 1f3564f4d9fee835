"""Review: what waits for a data owner, both statements and their rows side by side, and the decision."""

from difflib import unified_diff
from typing import TYPE_CHECKING

import streamlit as st

from assistant.console.showing import escaped, preview
from assistant.console.visitor import Visitor, visitor
from assistant.console.workplace import opened, problem
from assistant.corrections import examine, settle
from assistant.corrections.show import Shown, shown
from assistant.render.sql import readable
from feedback.causes import CAUSES
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from feedback.queue import Topic

PAGE = 20


def review_page() -> None:
    """The queue on the left, the chosen correction on the right."""
    who = visitor()
    assert who is not None
    if not who.owner:
        problem("Only data owners decide about corrections; `owners` in quarry.toml names them.")
        return
    st.header("Review", anchor=False)
    if said := st.session_state.pop("decided", ""):
        st.toast(escaped(said))
    waiting, decided = st.tabs(["Waiting", "Approved"])
    with waiting:
        _waiting(who)
    with decided:
        _approved(who)


def _waiting(who: Visitor) -> None:
    queue = opened().feedback.queue
    size = queue.size()
    if not size:
        st.text("Nothing waits for a decision.")
        return
    pages = (size + PAGE - 1) // PAGE
    start = (st.number_input("Page", 1, pages) - 1) * PAGE if pages > 1 else 0
    topics = queue.page(int(start), PAGE)
    left, right = st.columns([1, 2])
    with left:
        place = st.radio(
            f"{size} to decide", range(len(topics)), format_func=lambda n: _label(topics[n]), key="topic"
        )
    with right:
        _decide(shown(opened(), topics[place or 0].first.correction_id), who)


def _label(topic: "Topic") -> str:
    more = f" ({topic.people} people)" if topic.people > 1 else ""
    doubt = " · others say otherwise" if topic.against else ""
    return escaped(f"{topic.first.question}{more}{doubt}")


def _decide(found: Shown, who: Visitor) -> None:
    one, by = found.correction, found.names.get(found.correction.person, found.correction.person)
    st.subheader(escaped(one.question), anchor=False)
    st.caption(escaped(f"{by or 'Somebody'}, {one.made_at:%Y-%m-%d}: {CAUSES.get(one.cause, one.cause)}"))
    if one.comment:
        st.text(one.comment)
    _statements(found)
    key, written = one.correction_id, readable(one.sql, found.dialect)
    right = st.text_area("SQL to approve", written, key=f"sql {key}", height=180)
    note = st.text_input("A word to the person", key=f"note {key}", max_chars=500)
    approve, reject = st.columns(2)
    with approve:
        agreed = st.button("Approve", type="primary", shortcut="Ctrl+Enter", width="stretch")
    with reject:
        refused = st.button("Reject", shortcut="Ctrl+Shift+X", width="stretch")
    try:
        if agreed:
            sql = examine(opened(), right, "").sql
            opened().feedback.reviews.approve(one.correction_id, who.person, sql, note)
            settle(opened())
            _told(f"Correction {one.correction_id} is approved and answers from now on.")
        if refused:
            opened().feedback.reviews.reject(one.correction_id, who.person, note)
            _told(f"Correction {one.correction_id} is rejected.")
    except QuarryError as error:
        problem(str(error))


def _statements(found: Shown) -> None:
    """Both statements as a difference, their rows, and what says otherwise."""
    one = found.correction
    old, new = (readable(sql, found.dialect).splitlines() for sql in (one.was, one.sql))
    changed = "\n".join(list(unified_diff(old, new, n=99, lineterm=""))[3:])
    st.code(changed or "\n".join(new or old) or "-- no SQL", language="diff", wrap_lines=True)
    before, after = st.columns(2)
    with before:
        preview("Before", one.evidence.get("was"))
    with after:
        preview("After", one.evidence.get("now"))
    if found.example:
        st.caption("An example of the team's for this question would give way:")
        st.code(readable(found.example, found.dialect), language="sql", wrap_lines=True)
    for other in found.against:
        who = found.names.get(other.person, other.person)
        st.caption(escaped(f"Correction {other.correction_id} by {who} says otherwise:"))
        st.code(readable(other.sql, found.dialect), language="sql", wrap_lines=True)


def _approved(who: Visitor) -> None:
    """What holds now, by whom, each to be taken back."""
    feedback = opened().feedback
    names = feedback.names()
    held = feedback.corrections.approved()[:200]
    if not held:
        st.text("No correction is approved yet.")
    for one in held:
        last = feedback.reviews.of(one.correction_id)[0]
        with st.expander(escaped(f"{one.correction_id}  {one.question}")):
            by = names.get(last.person, last.person)
            st.caption(escaped(f"Approved by {by} on {last.reviewed_at:%Y-%m-%d}"))
            st.code(readable(last.sql, opened().database.dialect), language="sql", wrap_lines=True)
            if st.button("Undo", key=f"undo {one.correction_id}"):
                try:
                    feedback.reviews.undo(one.correction_id, who.person)
                    settle(opened())
                    _told(f"Correction {one.correction_id} is taken back.")
                except QuarryError as error:
                    problem(str(error))


def _told(sentence: str) -> None:
    """On the page as it is after the decision."""
    st.session_state["decided"] = sentence
    st.rerun()
