"""The grammar of edits: one file a kind, in the order in which equally long matches are tried."""

from graph.followup.edits import (
    addition,
    attribute,
    cause,
    chart,
    comparison,
    correction,
    counted,
    detail,
    extreme,
    group,
    limit,
    measure,
    narrow,
    period,
    share,
    sort,
    threshold,
    widen,
)
from graph.followup.edits.cause import Cause
from graph.followup.edits.chart import Chart
from graph.followup.edits.edit import Edit, Kind
from graph.followup.edits.measure import Measure

__all__ = ["KINDS", "Cause", "Chart", "Edit", "Kind", "Measure"]

KINDS: tuple[Kind, ...] = (
    cause.KIND,
    chart.KIND,
    counted.KIND,
    detail.KIND,
    extreme.KIND,
    limit.KIND,
    sort.KIND,
    share.KIND,
    threshold.KIND,
    widen.KIND,
    correction.EVENT,
    correction.VALUE,
    comparison.KIND,
    period.KIND,
    group.KIND,
    attribute.KIND,
    addition.KIND,
    measure.KIND,
    narrow.KIND,
    correction.TAKEN,
)
