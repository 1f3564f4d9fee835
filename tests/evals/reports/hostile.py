"""What a database or a model may say to break a report."""

from dataclasses import replace

from evals.runs.info import Run
from evals.runs.score import Score
from evals.verdict import Verdict
from tests.evals.reports.made import GOLD, made_run

MARKUP = "<script>document.title = 'owned'</script><img src=https://evil.example/x onerror=alert(1)>"
QUOTED = '"\' onmouseover=alert(1) x="'
CONTROL = "bell\x07 null\x00 escape\x1b[31m turned\u202e lone\ud800 last\uffff"
LONG_SQL = "SELECT " + ", ".join(f"t.column_{n} + {n} AS name_{n}" for n in range(400)) + " FROM t"


def hostile_score(case: str = "bad", verdict: Verdict = Verdict.WRONG) -> Score:
    """A score of which every text is hostile."""
    evil = MARKUP + QUOTED + CONTROL + "</textarea></details>{{ 7 * 7 }}[bold]x[/bold]"
    return Score(
        case=f"{case} {evil}",
        question=f"question {evil}",
        category=f"category {evil}",
        verdict=verdict,
        suite=f"suite {evil}",
        previous=(f"before {evil}",),
        why=f"why {evil}",
        outcome="answered",
        sql=f"SELECT '{evil}' FROM t",
        gold=f"SELECT '{evil}' FROM other",
        golds=(GOLD,),
        confidence=0.9,
        presented=True,
        source=evil,
        columns=(evil, evil),
        rows=((evil, 1), (None, 2.5)),
        row_count=2,
        gold_columns=(evil, "b"),
        gold_rows=((MARKUP, 1),),
        gold_row_count=1,
        errors=(evil,),
        seconds=1.0,
        times={evil: 0.5},
        tokens={evil: 3},
        record={
            "retrieved": {evil: [{"name": evil, "score": 0.5, "sql": evil}], "cards": "no list"},
            "candidates": [{"sql": evil, "source": evil, "error": evil, "findings": [{"why": evil}]}, "odd"],
        },
        person=evil,
        tags=(evil,),
        file=evil,
        line=3,
    )


def hostile_run() -> Run:
    run = made_run(3)
    long = replace(run.scores[0], case="long", sql=LONG_SQL, gold=LONG_SQL + " WHERE t.a = 1")
    info = replace(run.info, model=MARKUP, suites=(MARKUP,), version=QUOTED)
    broken = [hostile_score(verdict.value, verdict) for verdict in Verdict]
    return Run(info, (*run.scores, long, *broken))
