"""Explains an answer from its statement's tree: sentences, headings, and where each column comes from."""

from graph.explain.explainer import AsOf, Explained, Explainer
from graph.explain.explanation import Explanation, Origin, Sentence
from graph.explain.headings import Heading

__all__ = ["AsOf", "Explained", "Explainer", "Explanation", "Heading", "Origin", "Sentence"]
