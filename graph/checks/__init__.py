"""Checks on the syntax tree: one file each, in the order of `CHECKS`."""

from graph.checks.finding import CheckContext, Checked, Finding
from graph.checks.gate import CHECKS, Gated, gate
from graph.checks.required_filters import apply_rules, strip_rules

__all__ = ["CHECKS", "CheckContext", "Checked", "Finding", "Gated", "apply_rules", "gate", "strip_rules"]
