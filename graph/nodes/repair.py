"""Tell the model what was wrong with its last try."""

from langgraph.runtime import Runtime

from graph.context import Context
from graph.state import State


def repair(state: State, runtime: Runtime[Context]) -> State:
    """The complaint that goes into the next prompt: what stood in the way of the model's last statement."""
    failed = [p for p in state["proposals"] if p.source == "model" and p.problem]
    complaint = failed[-1].problem if failed else "there was no new statement"
    return {"complaint": complaint, "repairs": state["repairs"] - 1}
