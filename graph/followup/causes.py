"""What is said to a question for a cause: that the data does not tell it, and what can be asked instead."""

from graph.followup.follower import FollowUp
from graph.outcome import Unanswered


def cannot_tell_why(followup: FollowUp) -> Unanswered:
    """Names the edits that look closer at the same figures."""
    offers = [offer for offer in ("by month", "and the year before?", *followup.splits) if offer]
    listed = ", ".join(f"'{offer}'" for offer in offers[:-1]) + f" or '{offers[-1]}'"
    return Unanswered(
        f"I cannot tell why: the data holds what happened, not what caused it. I can look closer at "
        f"'{followup.question}': say {listed}."
    )
