"""What flows through the graph. A checkpoint keeps the thread's turns; the rest lives for one run."""

from dataclasses import dataclass
from typing import Annotated, TypedDict

from langgraph.channels.untracked_value import UntrackedValue

from graph.checks import Gated
from graph.followup import FollowUp, PastTurn
from graph.grounding import UNKNOWN, Grounding
from graph.models.base import Generation, Prompt
from graph.outcome import Outcome
from graph.results import NOTHING, Remarks
from knowledge.result import Result
from knowledge.retrieve import Retrieval


@dataclass(frozen=True)
class Proposal:
    """A statement on its way: proposed, checked, executed.

    `source` is 'model', 'example', 'pair', 'followup' or 'verified'; `similarity` belongs to all but the
    first, `by`, who verified it and when, to the last. `call` is the place, from 1, of the model's call that
    it came with, 0 for all others; `explained` which words an example in its prompt explained. `slotted` is
    what a specialist wrote before its slots were filled. `grounds` says how far it speaks of what the
    question names. `error` is what a slot or the database said against it.
    """

    sql: str
    source: str
    call: int = 0
    logprob: float | None = None
    similarity: float | None = None
    tokens: int = 0
    grounds: Grounding = UNKNOWN
    gated: Gated | None = None
    result: Result | None = None
    remarks: Remarks = NOTHING
    error: str = ""
    slotted: str = ""
    by: str = ""
    explained: str = ""

    @property
    def problem(self) -> str:
        """What stands in the way, in words; empty where nothing does or nothing is known yet."""
        return self.error or (self.gated.why if self.gated is not None else "")

    @property
    def trouble(self) -> str:
        """The problem in a word: the check that found it, 'slot' or 'database'; empty where there is none."""
        if self.gated is None:
            return "slot" if self.error else ""
        found = (finding.check for finding in self.gated.findings if not finding.mended)
        return next(found, "database" if self.error else "")


class State(TypedDict, total=False):
    """`past` is oldest first; `repairs` says how often the model may try again, `began` when the turn did, in
    seconds of the monotonic clock.

    A follow-up is made whole: then `question` is the whole one, and `asked` what the person said.
    """

    question: str
    asked: Annotated[str, UntrackedValue]
    followup: Annotated[FollowUp | None, UntrackedValue]
    past: list[PastTurn]
    retrieval: Annotated[Retrieval, UntrackedValue]
    prompts: Annotated[tuple[Prompt, ...], UntrackedValue]
    generations: Annotated[tuple[Generation, ...], UntrackedValue]
    proposals: Annotated[tuple[Proposal, ...], UntrackedValue]
    complaint: Annotated[str, UntrackedValue]
    repairs: Annotated[int, UntrackedValue]
    began: Annotated[float, UntrackedValue]
    outcome: Annotated[Outcome | None, UntrackedValue]
