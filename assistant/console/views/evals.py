"""Evals: the runs that are kept, one in full with what failed, and two side by side."""

from typing import TYPE_CHECKING

import streamlit as st

from assistant.commands.eval.saved import saved
from assistant.console.showing import escaped, frame
from assistant.console.workplace import opened
from assistant.render.sql import readable

if TYPE_CHECKING:
    from evals.runs.info import Run, RunInfo
    from evals.runs.store import RunStore

MOST = 50


def evals_page() -> None:
    """Measured on cases whose answers are known; opinions are on the page Quality."""
    from evals.metrics.summary import summarise

    st.header("Evals", anchor=False)
    with saved(opened()) as store:
        infos = store.all()[:MOST]
        if not infos:
            st.text("There are no runs yet; make one with `quarry eval run`.")
            return
        labels = {
            info.id: f"{info.started:%Y-%m-%d %H:%M}  {info.model}  {', '.join(info.suites)}"
            for info in infos
        }
        chosen = st.selectbox("Run", list(labels), format_func=lambda key: escaped(labels[key]))
        others = ["", *(key for key in labels if key != chosen)]
        other = st.selectbox("Compare with", others, format_func=lambda key: escaped(labels.get(key, "none")))
        run = store.get(chosen)
        dialect = opened().database.dialect
        total = summarise(run, dialect=dialect).total
        low, high = total.right.interval.low, total.right.interval.high
        figures = st.columns(3)
        figures[0].metric("Right", f"{total.right.value or 0:.1%}")
        figures[1].metric("Wrong, shown as right", f"{total.wrong_presented.value or 0:.1%}")
        figures[2].metric("Cases", f"{total.right.cases:,}")
        st.caption(f"95% interval of the share that is right: {low:.1%} to {high:.1%}")
        if other:
            _compared(run, store, other)
        _failures(run, dialect)


def _label(info: "RunInfo") -> str:
    return f"{info.started:%Y-%m-%d %H:%M}  {info.model}  {', '.join(info.suites)}"


def _compared(run: "Run", store: "RunStore", other: str) -> None:
    """Cases that one run has right and the other has not."""
    before = {score.case: score.right for score in store.get(other).scores}
    both = [score for score in run.scores if score.case in before]
    won = [score.question for score in both if score.right and not before[score.case]]
    lost = [score.question for score in both if not score.right and before[score.case]]
    st.subheader(f"Against the other run: {len(won)} won, {len(lost)} lost of {len(both)}", anchor=False)
    rows = [["won", question] for question in won] + [["lost", question] for question in lost]
    if rows:
        st.dataframe(frame(["", "question"], rows), hide_index=True, width="stretch")


def _failures(run: "Run", dialect: str) -> None:
    failed = [score for score in run.scores if not score.right]
    st.subheader(f"{len(failed)} not right", anchor=False)
    for score in failed[:MOST]:
        with st.expander(escaped(score.question)):
            st.text(score.why)
            for title, sql in (("Answered with", score.sql), ("Gold", score.gold)):
                st.caption(title)
                st.code(readable(sql, dialect) or "-- nothing", language="sql", wrap_lines=True)
