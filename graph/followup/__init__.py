"""Follow-ups: each edits the question before and its statement."""

from graph.followup.follower import Follower, FollowUp
from graph.followup.past import PastTurn, answered, whole_question

__all__ = ["FollowUp", "Follower", "PastTurn", "answered", "whole_question"]
