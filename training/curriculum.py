"""Three phases: the schema and plain looking up, then joins and sums, then everything with edge cases."""

import re

from training.followups import EDIT
from training.followups import KIND as FOLLOWUP
from training.recovery import KIND as RECOVERY
from training.synthesis import Row
from training.taught import KIND as TAUGHT
from training.unanswerable import KIND as UNANSWERABLE

PHASES = ("schema and looking up", "joins and figures", "all, with edge cases and the team's own")
LAST = (TAUGHT, RECOVERY, UNANSWERABLE, FOLLOWUP, EDIT)
_NESTED = re.compile(r"\(SELECT|\bOVER\b|\bEXISTS\b|\bUNION\b|\bINTERSECT\b|\bEXCEPT\b")
_JOINED = re.compile(r" JOIN | GROUP BY | HAVING |\bCASE\b|\bSUM\(|\bAVG\(|JULIANDAY\(")


def level(row: Row) -> int:
    """The phase, from 1, in which a row comes in first.

    >>> level(Row("", "SELECT COUNT(*) FROM orders o", "", "count"))
    1
    >>> level(Row("", "SELECT c.name, SUM(o.amount) FROM orders o JOIN c ON c.id = o.c GROUP BY 1", "", "by"))
    2
    >>> level(Row("", "SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM u)", "", "absence"))
    3
    """
    if row.kind in LAST or _NESTED.search(row.target):
        return 3
    return 2 if _JOINED.search(row.target) else 1
