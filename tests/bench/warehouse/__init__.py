"""A synthetic warehouse of a thousand tables with look-alike names, and questions that need some of them."""

from tests.bench.warehouse.questions import Question, questions
from tests.bench.warehouse.tables import Warehouse, warehouse

__all__ = ["Question", "Warehouse", "questions", "warehouse"]
