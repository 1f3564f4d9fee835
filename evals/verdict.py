"""What a comparison or a whole case can come to."""

from enum import StrEnum


class Verdict(StrEnum):
    """`exact` and `superset` are right. The last three are unscored: they tell nothing of the model."""

    EXACT = "exact"
    SUPERSET = "superset"
    WRONG = "wrong"
    EXEC_ERROR = "exec_error"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    CLARIFIED = "clarified"
    UNANSWERED = "unanswered"
    HARNESS_ERROR = "harness_error"
    VACUOUS = "vacuous"
    UNDECIDED = "undecided"

    @property
    def right(self) -> bool:
        return self in (Verdict.EXACT, Verdict.SUPERSET)

    @property
    def scored(self) -> bool:
        return self not in (Verdict.HARNESS_ERROR, Verdict.VACUOUS, Verdict.UNDECIDED)
