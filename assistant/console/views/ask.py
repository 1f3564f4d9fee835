"""Ask: a conversation with tables, charts, SQL and thumbs; a thumb down opens the correction."""

import uuid
from typing import TYPE_CHECKING

import streamlit as st

from assistant.console.showing import answer, escaped, preview
from assistant.console.visitor import visitor
from assistant.console.workplace import opened, problem, told
from feedback.causes import CAUSES
from feedback.corrections import LONGEST_COMMENT, LONGEST_SQL
from feedback.people import Person
from graph.outcome import Answered, Clarify
from knowledge.errors import QuarryError

if TYPE_CHECKING:
    from assistant.answering import Reply

PLACEHOLDER = "Ask your database, for instance: revenue by month this year"


def ask_page() -> None:
    """The conversation of this visit, oldest first."""
    who = visitor()
    assert who is not None
    said: list[Reply] = st.session_state.setdefault("said", [])
    st.session_state.setdefault("thread", uuid.uuid4().hex)
    if not said:
        st.header("Ask your database", anchor=False)
        for example in opened().examples[:4]:
            if st.button(escaped(example.question), key=f"example {example.question}"):
                _ask(example.question, who.person)
                st.rerun()
    for place, reply in enumerate(said):
        with st.chat_message("user"):
            st.text(reply.question)
        with st.chat_message("assistant"):
            answer(reply)
            _react(reply, who.person, last=place == len(said) - 1)
    for notice in opened().feedback.notices.waiting(who.person.id):
        st.toast(escaped(notice.text))
        opened().feedback.notices.told(notice)
    if question := st.chat_input(PLACEHOLDER, max_chars=2000):
        _ask(question, who.person)
        st.rerun()


def _ask(question: str, person: Person) -> None:
    from assistant.answering import reply

    with st.chat_message("user"):
        st.text(question)
    with st.chat_message("assistant"), st.spinner("Looking it up ..."), told():
        thread = st.session_state["thread"]
        found = reply(opened(), question, thread, explain=True, person=person, channel="console")
        st.session_state["said"].append(found)


def _react(reply: "Reply", person: Person, *, last: bool) -> None:
    """Choices of a question back; thumbs and the correction of everything else."""
    if isinstance(reply.outcome, Clarify):
        for choice in reply.outcome.choices if last else ():
            if st.button(escaped(choice), key=f"choice {reply.turn_id} {choice}"):
                _ask(choice, person)
                st.rerun()
        return
    thumb = st.feedback("thumbs", key=f"thumb {reply.turn_id}")
    cast = st.session_state.setdefault("cast", {})
    if thumb is not None and cast.get(reply.turn_id) != thumb:
        opened().feedback.votes.cast(reply.turn_id, person, up=thumb == 1)
        cast[reply.turn_id] = thumb
    if thumb == 0:
        _correct(reply, person)


def _correct(reply: "Reply", person: Person) -> None:
    """What would have been right. Bad SQL keeps the form as it is and says why."""
    from assistant.corrections import submit

    done = st.session_state.setdefault("corrected", {})
    if reply.turn_id in done:
        st.text(f"Thank you. Correction {done[reply.turn_id]} waits for a data owner.")
        return
    sql = reply.outcome.sql if isinstance(reply.outcome, Answered) else ""
    with st.form(f"correction {reply.turn_id}"):
        cause = st.radio("What was wrong?", list(CAUSES), format_func=CAUSES.__getitem__, horizontal=True)
        right = st.text_area("The SQL that would have been right", sql, height=160, max_chars=LONGEST_SQL)
        comment = st.text_area("Or in words", max_chars=LONGEST_COMMENT, height=80)
        sent = st.form_submit_button("Hand in", type="primary")
    if not sent:
        return
    changed = right if right.strip() != sql.strip() else ""
    try:
        kept, examined = submit(
            opened(), reply.turn_id, person, sql=changed, comment=comment, cause=str(cause)
        )
    except QuarryError as error:
        problem(str(error))
        return
    done[reply.turn_id] = kept.correction_id
    st.text(f"Thank you. Correction {kept.correction_id} waits for a data owner.")
    if examined is not None:
        before, after = st.columns(2)
        with before:
            preview("Before", kept.evidence.get("was"))
        with after:
            preview("After", kept.evidence.get("now"))
