"""A turn without an answer whose SQL passed the checks and then failed in the database."""

from typing import Any

from evals.runs.records import dicts
from graph.checks import CheckContext, gate


def failed_statement(record: dict[str, Any], context: CheckContext) -> tuple[str, str] | None:
    """The model's first statement that the database refused, and its words; None where a statement ran, or
    where none came so far.
    """
    candidates = dicts(record, "candidates")
    if any(entry.get("rows") is not None for entry in candidates):
        return None
    for entry in candidates:
        sql, error = entry.get("sql"), entry.get("error")
        if sql and error and gate(str(sql), context).sql is not None:
            return str(sql), str(error)
    return None
