"""What a team's own queries tell: joins, usual filters, measures, groupings, and what to write down of it."""

from knowledge.patterns.counts import Patterns
from knowledge.patterns.mine import mine
from knowledge.patterns.proposals import Proposals, propose
from knowledge.patterns.readers import Logged, read_log

__all__ = ["Logged", "Patterns", "Proposals", "mine", "propose", "read_log"]
