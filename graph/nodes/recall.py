"""Begin a turn: what the thread remembers stays, everything else starts anew."""

from langgraph.runtime import Runtime

from graph.context import Context
from graph.screening import refusal
from graph.state import State


def recall(state: State, runtime: Runtime[Context]) -> State:
    """Keep the last turns of the thread; refuse what is no question."""
    return {
        "past": state.get("past", [])[-3:],
        "prompts": (),
        "generations": (),
        "proposals": (),
        "complaint": "",
        "repairs": runtime.context.repairs,
        "outcome": refusal(state["question"]),
    }
