"""The parts of the agent that can be left out of a run, so that the worth of each can be measured."""

PARTS = {
    "examples": "known questions, in the prompt and as candidates of their own",
    "constraint": "the model can write nothing but queries with names of the schema",
    "candidates": "the model says more than one thing",
    "repair": "a statement that fails goes back to the model",
    "names": "names that are nearly right are mended",
    "literals": "texts are held against the values that are stored",
    "rules": "the team's rules and metrics",
    "checks": "the checks of a statement that need no rule: fan-out, division, lost days and the like",
    "results": "the checks of the rows that came back",
    "roundtrip": "a statement is said in words and held against the question",
    "followups": "a follow-up is made whole by editing the turn before",
    "missing": "what the data does not hold is told before the model is asked",
    "asking": "an ambiguous question is asked back",
}
"""What each does. None of them is a wall before the database: those always stand."""

SKIPPED: dict[str, tuple[str, ...]] = {
    "rules": ("metrics", "money", "units"),
    "checks": (
        *("null_comparison", "last_day", "time_units", "fan_out", "division", "integer_division"),
        *("grouping", "limit", "lost_rows"),
    ),
}
"""Checks that go with a part."""

UNMENDED: dict[str, tuple[str, ...]] = {"names": ("names",)}
"""Checks that without the part still find, but do not mend."""
