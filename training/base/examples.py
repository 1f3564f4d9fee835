"""People's questions behind other questions of theirs about the same database, as a team's examples stand."""

from collections.abc import Iterator
from dataclasses import replace

from graph.specialist import behind_example, question_of
from knowledge.embedder import Embedder
from training.base.lessons import Lesson


def behind_nearest(lesson: Lesson, embedder: Embedder, times: int = 1) -> Iterator[Lesson]:
    """The lesson's rows behind the nearest other row each, then behind the second nearest, so `times` over.
    A row whose question and SQL are the same is no other.
    """
    questions = [question_of(prompt) for prompt, _ in lesson.rows]
    vectors = embedder.embed(questions)
    order = (-(vectors @ vectors.T)).argsort(axis=1, kind="stable").tolist()
    asked = list(zip(questions, (sql for _, sql in lesson.rows), strict=True))
    others = [[asked[m] for m in order[n] if asked[m] != asked[n]][:times] for n in range(len(asked))]
    for time in range(times):
        rows = zip(lesson.rows, others, strict=True)
        shown = [
            (behind_example(prompt, *near[time]), sql) for (prompt, sql), near in rows if time < len(near)
        ]
        yield replace(lesson, rows=tuple(shown))
