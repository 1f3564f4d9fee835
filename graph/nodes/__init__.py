"""The steps of an answer: one file each, one function, state in, partial state out."""

from graph.nodes.answer import answer
from graph.nodes.check import check
from graph.nodes.clarify import clarify
from graph.nodes.execute import execute
from graph.nodes.generate import generate
from graph.nodes.judge import judge
from graph.nodes.recall import recall
from graph.nodes.repair import repair
from graph.nodes.retrieve import retrieve

__all__ = ["answer", "check", "clarify", "execute", "generate", "judge", "recall", "repair", "retrieve"]
