"""Asking back where more than one reading fits, and nothing in the question or the glossary decides."""

from graph.ambiguity.asking import MOST_IN_A_ROW, ambiguous, dangling, in_a_row, may_ask, picked

__all__ = ["MOST_IN_A_ROW", "ambiguous", "dangling", "in_a_row", "may_ask", "picked"]
