"""A run, or two runs compared, as one HTML file that needs nothing else: no network, no other file.

All that comes from a database or a model is escaped, and the page's policy lets no script run but its own.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from evals.metrics.stats import Share
from evals.metrics.summary import Summary
from evals.metrics.tally import Tally
from evals.reports import figures, wording
from evals.reports.cases import case_views
from evals.reports.pairs import compared, evidence, pair_views
from evals.reports.versus import Versus
from evals.runs.info import Run

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_OPEN = 12
GROUPS = {
    "category": "By category",
    "tag": "By tag",
    "complexity": "By complexity of the gold",
    "table": "By table that the gold reads",
    "person": "By who asks",
    "suite": "By suite",
}


@dataclass(frozen=True)
class Plot:
    title: str
    said: str
    svg: str


def run_page(run: Run, summary: Summary, *, dialect: str = "") -> str:
    """The page of a run. `dialect` is sqlglot's name of the SQL, for laying it out."""
    views = case_views(run.scores, dialect=dialect, most_open=MOST_OPEN)
    return _render(
        "run.jinja",
        title=f"{run.info.model}, {', '.join(run.info.suites)}",
        info=run.info,
        facts=figures.facts(run.info),
        headline=figures.headline(summary),
        figures=figures.figures(summary),
        remarks=figures.remarks(summary),
        parts=figures.parts(summary),
        tokens=" ".join(
            filter(None, (figures.tokens(summary), figures.mended(summary), figures.efficient(summary)))
        ),
        plots=_plots(run, summary),
        groups=[(GROUPS[name], group) for name, group in _groups(summary)],
        views=views,
        verdicts=sorted({view.label for view in views}),
        categories=sorted({view.score.category for view in views}),
    )


def versus_page(found: Versus, *, dialect: str = "") -> str:
    """The page of two runs compared."""
    return _render(
        "versus.jinja",
        title=f"{found.before.model} and {found.after.model} compared",
        versus=found,
        rows=compared(found),
        evidence=evidence(found),
        before=figures.facts(found.before),
        after=figures.facts(found.after),
        views=pair_views(found, dialect=dialect),
        categories=sorted({pair.score.category for pair in found.pairs}),
    )


def _groups(summary: Summary) -> list[tuple[str, tuple[Tally, ...]]]:
    """Groups that tell something: a single one says what the total says."""
    return [(name, group) for name, group in summary.groups.items() if len(group) > 1 or name == "category"]


def _plots(run: Run, summary: Summary) -> list[Plot]:
    from evals.reports import plots

    found = []
    if any(one.scored for one in summary.categories):
        said = "The share of right answers of each category, on its 95% interval."
        found.append(Plot("Right by category", said, plots.svg(plots.by_name(summary.categories), said)))
    if summary.risk.points:
        said = figures.selective(summary) or "No answer was shown without 'please check'."
        chart = plots.risk(summary.risk, _shown(summary))
        found.append(Plot("Risk against coverage", said, plots.svg(chart, said)))
    if summary.calibration.bins:
        said = figures.calibrated(summary)
        found.append(
            Plot("Is the confidence honest?", said, plots.svg(plots.reliability(summary.calibration), said))
        )
    took = [score.seconds for score in run.scores if score.outcome]
    if len(took) > 1:
        marks = {"half": summary.speed.seconds.p50 or 0.0, "95%": summary.speed.seconds.p95 or 0.0}
        said = (
            f"Half of the questions within {wording.seconds(marks['half'])}, "
            f"95% within {wording.seconds(marks['95%'])}."
        )
        found.append(Plot("Time a question", said, plots.svg(plots.latency(took, marks), said)))
    return found


def _shown(summary: Summary) -> tuple[float, float] | None:
    """Where the run itself stands on the risk-coverage plane."""
    shown, scored = summary.total.selective, summary.total.scored
    if shown.value is None or not scored:
        return None
    return shown.cases / scored, 1 - shown.value


def _render(name: str, **values: Any) -> str:
    environment = _environment()
    script = environment.get_template("page.js.jinja").render()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template(name).render(
        **values,
        script=script,
        digest=digest,
        style=environment.get_template("style.css.jinja").render(),
    )


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("evals.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    environment.filters |= {
        "percent": wording.percent,
        "seconds": wording.seconds,
        "span": wording.span,
        "points": wording.points,
        "sql": _highlighted,
        "bar": _bar,
    }
    environment.globals |= {"counted": wording.counted}
    return environment


def _bar(share: Share) -> str:
    """The places of a share and of its interval on a scale of 100, as custom properties of a style."""
    low, high = share.interval.low, share.interval.high
    return f"--at:{100 * (share.value or 0):.1f}%;--low:{100 * low:.1f}%;--wide:{100 * (high - low):.1f}%"


def _clean(value: object) -> object:
    """Every text that a template puts on a page comes through here; what is markup was cleaned before."""
    from markupsafe import Markup

    return wording.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _highlighted(sql: str) -> str:
    from evals.reports.highlight import highlighted

    return highlighted(sql)
