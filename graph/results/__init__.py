"""Checks on the rows that came back: one file each, in the order of `RESULT_CHECKS`."""

from graph.results.look import RESULT_CHECKS, look
from graph.results.remarks import NOTHING, Remarks, Seen

__all__ = ["NOTHING", "RESULT_CHECKS", "Remarks", "Seen", "look"]
