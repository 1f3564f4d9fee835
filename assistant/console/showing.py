"""Parts of pages. What comes from people, the database or a model is shown as plain text."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from assistant.render.sql import readable

if TYPE_CHECKING:
    from assistant.answering import Reply
    from graph.outcome import Answered


def answer(reply: "Reply") -> None:
    """A sentence, the table or the number, a chart where one suits, and behind tabs why and how."""
    from graph.outcome import Answered, Clarify, Refused, Unanswered

    match reply.outcome:
        case Answered():
            _answered(reply, reply.outcome)
        case Clarify():
            st.text(reply.outcome.question)
        case Unanswered() | Refused():
            st.text(reply.outcome.reason)


def _answered(reply: "Reply", outcome: "Answered") -> None:
    from assistant.render.chart import choose
    from assistant.render.chart.drawing import spec
    from assistant.render.columns import columns
    from assistant.render.sentence import sentence

    result = outcome.result
    shown = columns(result, reply.headings)
    st.subheader(escaped(sentence(result, shown)), anchor=False)
    if len(result.rows) > 1 or len(result.columns) > 1:
        chart = choose(result, shown)
        if chart is not None:
            dark = st.context.theme.type == "dark"
            st.vega_lite_chart(spec(result, chart, shown, dark=dark), width="stretch", theme=None)
        st.dataframe(
            frame([column.heading for column in shown], result.rows), hide_index=True, width="stretch"
        )
    if outcome.check:
        st.text(f"Please check this one: confidence {outcome.confidence:.0%}.")
    for note in outcome.notes:
        st.caption(escaped(note))
    facts = [counted(len(result.rows), result.truncated), f"{reply.split.total:.1f} s"]
    facts += [f"rules: {', '.join(reply.rules)}"] if reply.rules else []
    st.caption(escaped(" · ".join(facts)))
    with st.expander("SQL"):
        st.code(readable(outcome.sql, reply.dialect), language="sql", wrap_lines=True)
    if reply.explanation is not None:
        with st.expander("What it rests on"):
            st.text(reply.explanation.text())


def frame(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Columns of one name get a number behind it, for a table needs different ones."""
    seen: dict[str, int] = {}
    names = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        names.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return pd.DataFrame([list(row) for row in rows], columns=names)


def preview(title: str, found: Mapping[str, Any] | None) -> None:
    """The first rows of a result that a correction keeps."""
    if not found:
        st.caption(f"{title}: nothing answered")
        return
    st.caption(f"{title}: {counted(found['rows'], bool(found['truncated']))}")
    st.dataframe(frame([str(c) for c in found["columns"]], found["first"]), hide_index=True, width="stretch")


def counted(rows: int, truncated: bool) -> str:
    """
    >>> counted(1, False), counted(1000, True)
    ('1 row', '1,000 rows or more')
    """
    return f"{rows:,} row{'' if rows == 1 else 's'}{' or more' if truncated else ''}"


def escaped(text: str) -> str:
    """Markdown that shows this text as it is, on one line."""
    line = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-.!|~$:&" else sign for sign in line)
