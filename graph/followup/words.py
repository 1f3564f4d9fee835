"""The words of the grammar that belong to no edit: what ties to the turn before, what says nothing."""

from knowledge.words import word_set

FILLERS = word_set(
    """a about actually again ah all alright also an and as at back but can com could course e each eg enough
    exactly fine for from give go good great hey hi hm hmm i ie if in instead just kindly let lets
    like list look make maybe me mean meant need no now of off oh ok okay on one ones only or our out
    please pls plz quickly rather right same see show so some sorry still suffices tell than thank
    thanks that the then there these this those thx to together too uh um us view want well will with
    would yes you"""
)
"""Words that say nothing of their own."""

CLAUSE = word_set("are be did do does get had has have how is was we were what which whats who")
"""Words of a question that stands for itself; one that has them is a follow-up only if it is tied as well."""

TIES = word_set("instead it its mean meant ones same them these they those")
"""Words that tie a clause to the one before, wherever they stand."""

OPENINGS = word_set("and but only just now no not sorry also back without except excluding")
"""Words that tie it where they begin it."""

LEADS = word_set("actually alright also and but hm hmm no now oh ok okay please pls so sorry then well yes")
"""What may begin a follow-up and says nothing of its own."""

GRAINS = {
    "day": "day", "daily": "day", "date": "day",
    "week": "week", "weekly": "week", "wk": "week",
    "month": "month", "monthly": "month", "mth": "month", "mo": "month",
    "quarter": "quarter", "quarterly": "quarter", "qtr": "quarter",
    "year": "year", "yearly": "year", "annually": "year", "yr": "year",
    "weekday": "weekday", "hour": "hour", "hourly": "hour",
}  # fmt: skip

ADVERBS = word_set("daily weekly monthly quarterly yearly annually hourly")
"""Grains that need no preposition."""

PREPOSITIONS = word_set("at by for from in of on via with through to")
