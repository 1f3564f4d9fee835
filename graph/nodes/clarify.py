"""Wait for the person: a clarifying question interrupts the thread, and what is said next goes on with it."""

from langgraph.types import interrupt

from graph.state import State


def clarify(state: State) -> State:
    """The reply, a choice or another question altogether, is read from the beginning of the way."""
    said = interrupt({"choices": state["past"][-1].get("choices", [])})
    return {"question": said}
