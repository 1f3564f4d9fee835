"""Quality: what is asked, how it is answered, what people say; measured accuracy stands on its own."""

import altair as alt
import pandas as pd
import streamlit as st

from assistant.console.showing import escaped, frame
from assistant.console.workplace import opened
from feedback.clusters import clusters
from feedback.stats import Often, Stats, stats
from feedback.turns import now


def quality_page() -> None:
    """The last days, by type of query and by question."""
    st.header("Quality", anchor=False)
    days = st.segmented_control("Days", [7, 30, 90, 365], default=30) or 30
    found = stats(opened().feedback.database, now().date(), int(days))
    if not found.turns:
        st.text("Nothing was asked in these days.")
        return
    _figures(found)
    if len(found.series) > 1:
        _course(found)
    st.subheader("By type of query", anchor=False)
    st.caption("Thumbs are opinions, corrections are decisions; what is measured is on the page Evals.")
    headings = ["type", "questions", "please check", "thumbs up", "thumbs down", "corrected"]
    rows = [[t.kind, t.turns, f"{t.to_check / t.turns:.0%}", t.up, t.down, t.corrected] for t in found.types]
    st.dataframe(frame(headings, rows), hide_index=True, width="stretch")
    asked, corrected, missed = st.columns(3)
    with asked:
        _list("Asked most", found.asked)
    with corrected:
        _list("Corrected most", found.corrected)
    with missed:
        together = clusters(found.unanswered, opened().embedder.embed)[:10]
        _list("Asked and not answered", tuple(Often(c.question, c.times) for c in together))


def _figures(found: Stats) -> None:
    answered = found.outcomes.get("answered", 0)
    figures = [
        ("Questions", f"{found.turns:,}"),
        ("Answered", f"{answered / found.turns:.0%}"),
        ("Please check", f"{found.to_check / max(1, answered):.0%}"),
        ("Seconds, median", f"{found.timing.median:.2f}"),
        ("95% within", f"{found.timing.p95:.2f} s"),
        ("Corrections waiting", f"{found.waiting:,}"),
    ]
    for place, (name, value) in zip(st.columns(len(figures)), figures, strict=True):
        place.metric(name, value)
    read, written = found.tokens
    st.caption(
        f"{read:.0f} tokens read and {written:.0f} written a question; "
        f"{found.repaired / found.turns:.0%} went back to the model"
    )


def _course(found: Stats) -> None:
    """Questions a day, and those of them that were answered."""
    rows = [
        {"day": pd.Timestamp(day.day), "questions": count, "of": name}
        for day in found.series
        for name, count in (("answered", day.answered), ("others", day.turns - day.answered))
    ]
    chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar()
        .encode(
            x=alt.X("day:T", title=None),
            y=alt.Y("questions:Q", title="questions"),
            color=alt.Color("of:N", title=None, sort=["answered", "others"]),
        )
        .properties(height=220)
    )
    st.altair_chart(chart, width="stretch")


def _list(title: str, often: tuple[Often, ...]) -> None:
    st.subheader(title, anchor=False)
    if not often:
        st.text("None.")
        return
    st.dataframe(
        frame(["times", "question"], [[one.times, one.question] for one in often]),
        hide_index=True,
        width="stretch",
    )
    st.caption(escaped(f"{sum(one.times for one in often):,} in all"))
