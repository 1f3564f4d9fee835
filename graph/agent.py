"""The graph, wired in one place, and the agent that runs it."""

import sqlite3
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.types import Command

from graph import nodes
from graph.context import Context
from graph.outcome import Clarify, Outcome
from graph.record import Record, Step, make_record
from graph.screening import check_question
from graph.state import State

INTERRUPT = "__interrupt__"


@dataclass(frozen=True)
class Turn:
    outcome: Outcome
    record: Record


def after_recall(state: State) -> Literal["retrieve", "answer"]:
    return "answer" if state["outcome"] else "retrieve"


def after_retrieve(state: State) -> Literal["generate", "answer"]:
    return "answer" if state["outcome"] else "generate"


def after_generate(state: State) -> Literal["check", "answer"]:
    return "answer" if state["outcome"] else "check"


def after_check(state: State) -> Literal["execute", "answer"]:
    return "answer" if state["outcome"] else "execute"


def after_execute(state: State) -> Literal["judge", "repair", "answer"]:
    if any(p.result is not None for p in state["proposals"]):
        return "judge"
    return "repair" if state["repairs"] else "answer"


def after_judge(state: State) -> Literal["generate", "answer"]:
    return "answer" if state["outcome"] else "generate"


def after_answer(state: State) -> Literal["clarify", "__end__"]:
    return "clarify" if isinstance(state.get("outcome"), Clarify) else "__end__"


def build(*, threaded: bool = True) -> StateGraph[State, Context, State, State]:
    """The way of a question. Without a thread nobody can be waited for: a clarifying question ends it."""
    graph = StateGraph(State, context_schema=Context)
    for name in nodes.__all__:
        if threaded or name != "clarify":
            graph.add_node(name, getattr(nodes, name))
    graph.add_edge(START, "recall")
    graph.add_conditional_edges("recall", after_recall)
    graph.add_conditional_edges("retrieve", after_retrieve)
    graph.add_conditional_edges("generate", after_generate)
    graph.add_conditional_edges("check", after_check)
    graph.add_conditional_edges("execute", after_execute)
    graph.add_edge("repair", "generate")
    graph.add_conditional_edges("judge", after_judge)
    if threaded:
        graph.add_conditional_edges("answer", after_answer)
        graph.add_edge("clarify", "recall")
    else:
        graph.add_edge("answer", END)
    return graph


def _input(graph: Any, config: Any, question: str) -> Any:
    """A thread that waits for a reply goes on with it."""
    return Command(resume=question) if graph.get_state(config).interrupts else {"question": question}


class Agent:
    """Answers questions. With `checkpoints`, a SQLite file, threads are remembered over restarts."""

    def __init__(self, context: Context, checkpoints: Path | None = None) -> None:
        self.context = context
        self._connection: sqlite3.Connection | None = None
        self._alone: Any = build(threaded=False).compile()
        self._threaded: Any = build().compile(checkpointer=self._saver(checkpoints))

    def ask(self, question: str, thread: str = "") -> Turn:
        """One question, one turn; without a thread nothing is remembered. Raises QuarryError."""
        question = check_question(question)
        graph = self._threaded if thread else self._alone
        config = {
            "configurable": {"thread_id": thread or uuid.uuid4().hex},
            "recursion_limit": 10 + 5 * (1 + self.context.repairs),
        }
        state: State = {"question": question}
        steps: list[Step] = []
        started = time.perf_counter()
        for update in graph.stream(
            _input(graph, config, question) if thread else state,
            config,
            context=self.context,
            stream_mode="updates",
            **({"durability": "exit"} if thread else {}),
        ):
            now = time.perf_counter()
            for name, change in update.items():
                if name == INTERRUPT:
                    continue
                steps.append(Step(name, now - started))
                state = {**state, **(change or {})}
            started = now
        outcome = state["outcome"]
        assert outcome is not None
        return Turn(outcome, make_record(state, outcome, steps, thread, self.context))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _saver(self, path: Path | None) -> Any:
        if path is None:
            from langgraph.checkpoint.memory import InMemorySaver

            return InMemorySaver()
        from langgraph.checkpoint.sqlite import SqliteSaver

        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False)
        return SqliteSaver(self._connection)
